-- By hand: removed codes are not wanted; the order is that of the list.
SELECT code_id, table_name, code, label, label_en, valid_from, valid_until,
    position, members, code_group, removed
FROM code WHERE table_name = ANY($1::text[]) AND NOT removed
ORDER BY table_name, position, code
