-- By hand: the mail thread writes these rows too, so the batch must lock them.
SELECT mail_key, purpose, account_id, account_kind, account_version, asked_at
  FROM mail
 WHERE mail_key = ANY ($1::text[])
 ORDER BY mail_key
   FOR UPDATE
