-- The request that used this key first.
SELECT purpose, account_id FROM mail WHERE mail_key = $1::text
