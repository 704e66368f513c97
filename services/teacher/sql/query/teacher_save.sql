INSERT INTO teacher (person_id, number_sealed, number_kind, name, sex, email,
    version)
SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::smallint[], $4::text[],
    $5::smallint[], $6::text[], $7::bigint[])
ON CONFLICT (person_id) DO UPDATE SET
    number_sealed = excluded.number_sealed,
    number_kind = excluded.number_kind,
    name = excluded.name,
    sex = excluded.sex,
    email = excluded.email,
    version = excluded.version
