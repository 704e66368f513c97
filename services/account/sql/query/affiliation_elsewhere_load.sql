SELECT
    person_id, version, incarnation, organizations
FROM affiliation
WHERE person_id = ANY($1::uuid[])
ORDER BY person_id
