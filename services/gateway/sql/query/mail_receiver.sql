-- A teacher's ticket goes to the address on record, which the account follows.
-- The last column: nothing is to be mailed without being asked for, because the
-- account has a password, signs in by roaming (source 3), or has a new address
-- to which a later wish ($3) is waiting to be mailed.
SELECT b.status, b.version, b.name, b.email, b.login, o.name,
       EXISTS (SELECT FROM credential c
                WHERE c.account_id = b.account_id AND c.hash IS NOT NULL)
  FROM v_business_account b
  JOIN v_organization o ON o.code = b.organization
 WHERE b.account_id = $1::uuid AND $2::smallint = 1
 UNION ALL
SELECT a.status, a.version, coalesce(nullif(a.name, ''), t.name, ''),
       coalesce(nullif(a.email, ''), t.email, ''), a.login, '',
       a.source = 3
       OR EXISTS (SELECT FROM mail m
                   WHERE m.account_id = a.account_id AND m.state = 1
                     AND m.account_version > $3::bigint
                     AND m.mail_key LIKE 'ADDRESS/%')
       OR EXISTS (SELECT FROM credential c
                   WHERE c.account_id = a.account_id AND c.hash IS NOT NULL)
  FROM v_teacher_account a
  LEFT JOIN v_teacher t ON t.person_id = a.person_id
 WHERE a.account_id = $1::uuid AND $2::smallint = 2
