INSERT INTO holder_claim (person_id)
SELECT k
FROM unnest($1::uuid[]) AS k
ORDER BY k
ON CONFLICT DO NOTHING
