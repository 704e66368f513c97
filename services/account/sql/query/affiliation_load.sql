SELECT
    person_id, organizations, version
FROM affiliation
WHERE person_id = ANY($1::uuid[])
ORDER BY person_id
