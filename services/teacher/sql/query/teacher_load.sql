SELECT
    person_id, number_sealed, number_kind, name, sex, email, version
FROM teacher
WHERE person_id = ANY($1::uuid[])
ORDER BY person_id
