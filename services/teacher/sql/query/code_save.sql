INSERT INTO code (code_id, table_name, code, label, label_en, valid_from,
    valid_until, position, members, removed)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[],
    $5::text[], $6::date[], $7::date[], $8::integer[], $9::text[],
    $10::boolean[])
ON CONFLICT (code_id) DO UPDATE SET
    label = excluded.label,
    label_en = excluded.label_en,
    valid_from = excluded.valid_from,
    valid_until = excluded.valid_until,
    position = excluded.position,
    members = excluded.members,
    removed = excluded.removed
