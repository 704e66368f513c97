INSERT INTO platform_claim (name)
SELECT k
FROM unnest($1::text[]) AS k
ORDER BY k
ON CONFLICT DO NOTHING
