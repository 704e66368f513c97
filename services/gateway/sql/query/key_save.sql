INSERT INTO key (purpose, key_id, fingerprint)
SELECT unnest($1::text[]), unnest($2::smallint[]), unnest($3::bytea[])
ON CONFLICT (purpose, key_id) DO NOTHING
