SELECT k.purpose, k.key_id FROM key k
WHERE NOT EXISTS (
    SELECT FROM (
        SELECT
            unnest($1::text[]) AS purpose, unnest($2::smallint[]) AS key_id,
            unnest($3::bytea[]) AS fingerprint
    ) AS own
    WHERE own.purpose = k.purpose AND own.key_id = k.key_id
        AND own.fingerprint = k.fingerprint
)
ORDER BY k.purpose, k.key_id LIMIT 1
