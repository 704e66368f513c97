-- A teacher's ticket goes to the address on record, where there is one.
SELECT b.status, b.version, b.name, b.email, b.login, o.name,
       EXISTS (SELECT FROM credential c
                WHERE c.account_id = b.account_id AND c.hash IS NOT NULL)
  FROM v_business_account b
  JOIN v_organization o ON o.code = b.organization
 WHERE b.account_id = $1::uuid AND $2::smallint = 1
 UNION ALL
SELECT a.status, a.version, coalesce(nullif(t.name, ''), a.name),
       coalesce(nullif(t.email, ''), a.email), a.login, '',
       EXISTS (SELECT FROM credential c
                WHERE c.account_id = a.account_id AND c.hash IS NOT NULL)
  FROM v_teacher_account a
  LEFT JOIN v_teacher t ON t.person_id = a.person_id
 WHERE a.account_id = $1::uuid AND $2::smallint = 2
