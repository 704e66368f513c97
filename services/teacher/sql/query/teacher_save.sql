INSERT INTO teacher (
    person_id, number_sealed, number_kind, name, sex, email, confirmed_semester,
    confirmed_at, version
)
SELECT
    unnest($1::uuid[]), unnest($2::bytea[]), unnest($3::smallint[]),
    unnest($4::text[]), unnest($5::smallint[]), unnest($6::text[]),
    unnest($7::text[]), unnest($8::timestamptz[]), unnest($9::bigint[])
ON CONFLICT (person_id) DO UPDATE SET
    number_sealed = excluded.number_sealed, number_kind = excluded.number_kind,
    name = excluded.name, sex = excluded.sex, email = excluded.email,
    confirmed_semester = excluded.confirmed_semester,
    confirmed_at = excluded.confirmed_at, version = excluded.version
