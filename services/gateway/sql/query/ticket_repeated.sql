-- What this key asked for when it was used first.
SELECT purpose, account_id FROM mail WHERE mail_key = $1::text
