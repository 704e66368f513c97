-- The names after $1, $2 of them, to be folded again.
SELECT account_id::text, name FROM v_business_account
 WHERE account_id > $1::text::uuid ORDER BY account_id LIMIT $2::integer
