-- Takes one of the five tries before anything is hashed; a row that is locked,
-- or has no password, gives nothing. $2: now, $3: fifteen minutes ago.
WITH who AS (
    SELECT account_id, 1::smallint AS kind, version
      FROM v_business_account
     WHERE login = $1::text AND status = 3 AND login <> ''
     UNION ALL
    SELECT account_id, 2::smallint, version
      FROM v_teacher_account
     WHERE login = $1::text AND status = 3 AND login <> ''
)
UPDATE credential c
   SET tries = CASE WHEN c.last_try <= $3::timestamptz THEN 1
                    ELSE c.tries + 1 END,
       last_try = $2::timestamptz
  FROM who
 WHERE c.account_id = who.account_id AND c.hash IS NOT NULL
   AND (c.tries < 5 OR c.last_try <= $3::timestamptz)
RETURNING c.account_id, who.kind, who.version, c.hash
