SELECT
    person_id, number_sealed, number_kind, name, sex, email, confirmed_semester,
    confirmed_at, version
FROM teacher
WHERE person_id = ANY($1::uuid[])
ORDER BY person_id
