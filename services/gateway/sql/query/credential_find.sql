SELECT account_id
  FROM credential
 WHERE account_id = $1::uuid AND hash IS NOT NULL
