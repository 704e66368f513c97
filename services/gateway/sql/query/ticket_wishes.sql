-- How often tickets of this account were asked for, and what this key asked
-- for when it was used first.
SELECT (SELECT count(*) FROM mail
         WHERE account_id = $1::uuid AND asked_at > $2::timestamptz),
       k.purpose, k.account_id
  FROM (VALUES (1)) AS one
  LEFT JOIN mail k ON k.mail_key = $3::text
