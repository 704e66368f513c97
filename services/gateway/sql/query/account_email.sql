-- The address to which the tickets of an account are mailed.
SELECT email FROM v_business_account WHERE account_id = $1::uuid
 UNION ALL
SELECT coalesce(nullif(t.email, ''), a.email)
  FROM v_teacher_account a
  LEFT JOIN v_teacher t ON t.person_id = a.person_id
 WHERE a.account_id = $1::uuid
 LIMIT 1
