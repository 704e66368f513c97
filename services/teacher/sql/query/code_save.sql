INSERT INTO code (
    code_id, table_name, code, label, label_en, valid_from, valid_until,
    position, members, code_group, removed
)
SELECT
    unnest($1::text[]), unnest($2::text[]), unnest($3::text[]),
    unnest($4::text[]), unnest($5::text[]), unnest($6::date[]),
    unnest($7::date[]), unnest($8::integer[]), unnest($9::text[]),
    unnest($10::text[]), unnest($11::boolean[])
ON CONFLICT (code_id) DO UPDATE SET
    table_name = excluded.table_name, code = excluded.code,
    label = excluded.label, label_en = excluded.label_en,
    valid_from = excluded.valid_from, valid_until = excluded.valid_until,
    position = excluded.position, members = excluded.members,
    code_group = excluded.code_group, removed = excluded.removed
