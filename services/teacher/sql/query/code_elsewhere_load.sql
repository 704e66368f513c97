-- By hand: removed codes are not wanted.
SELECT code_id, table_name, code, label, label_en, valid_from, valid_until,
    position, members, code_group, removed
FROM code WHERE code_id = ANY($1::text[]) AND NOT removed
ORDER BY code_id
