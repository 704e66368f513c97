SELECT person_id::text, person_id::text, version
FROM teacher
WHERE person_id > $1::uuid
ORDER BY person_id LIMIT $2::integer
