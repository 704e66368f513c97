SELECT
    person_id, account_id, organization
FROM holder_claim
WHERE person_id = ANY($1::uuid[])
ORDER BY person_id
FOR UPDATE
