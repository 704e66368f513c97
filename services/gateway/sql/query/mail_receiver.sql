-- A teacher's ticket goes to the address on record, where there is one. Column 7:
-- nothing is to be mailed without being asked for, because the account has a
-- password, signs in by roaming, or has a new address to which a later wish
-- ($3) waits to be mailed. Column 8: account and record differ, because one of
-- them has not been read yet.
SELECT b.status, b.version, b.name, b.email, b.login, o.name,
       EXISTS (SELECT FROM credential c
                WHERE c.account_id = b.account_id AND c.hash IS NOT NULL),
       false
  FROM v_business_account b
  JOIN v_organization o ON o.code = b.organization
 WHERE b.account_id = $1::uuid AND $2::smallint = :ACCOUNT_BUSINESS
 UNION ALL
SELECT a.status, a.version, coalesce(nullif(t.name, ''), a.name),
       coalesce(nullif(t.email, ''), a.email), a.login, '',
       a.source = :ENABLED_BY_ROAMING
       OR EXISTS (SELECT FROM mail m
                   WHERE m.account_id = a.account_id AND m.state = :MAIL_WAITING
                     AND m.account_version > $3::bigint
                     AND m.mail_key LIKE 'ADDRESS/%')
       OR EXISTS (SELECT FROM credential c
                   WHERE c.account_id = a.account_id AND c.hash IS NOT NULL),
       coalesce(t.email <> '' AND t.email <> a.email, false)
  FROM v_teacher_account a
  LEFT JOIN v_teacher t ON t.person_id = a.person_id
 WHERE a.account_id = $1::uuid AND $2::smallint = :ACCOUNT_TEACHER
