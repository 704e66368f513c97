-- Takes a try before anything is hashed: one of $5 that the login has from this
-- network ($4), then one of $6 that it has from all. A login that is locked, or
-- has no password, gives nothing. $2: now, $3: fifteen minutes ago. The try that
-- locks also notes a mail to the holder, at most three an hour; it is dropped
-- if that try was right. Budget before credential: the order of locks.
WITH who AS (
    SELECT b.account_id, 1::smallint AS kind, b.version
      FROM v_business_account b
      JOIN credential c ON c.account_id = b.account_id AND c.hash IS NOT NULL
     WHERE b.login = $1::text AND b.status = :ACCOUNT_ACTIVE AND b.login <> ''
     UNION ALL
    SELECT a.account_id, 2::smallint, a.version
      FROM v_teacher_account a
      JOIN credential c ON c.account_id = a.account_id AND c.hash IS NOT NULL
     WHERE a.login = $1::text AND a.status = :ACCOUNT_ACTIVE AND a.login <> ''
), here AS (
    INSERT INTO budget AS b (name, taken, ends_at)
    SELECT 'sign_in/' || who.account_id || '/' || $4::text, 1,
           $2::timestamptz + interval '15 minutes'
      FROM who
    ON CONFLICT (name) DO UPDATE
       SET taken = CASE WHEN b.ends_at <= $2::timestamptz THEN 1
                        ELSE b.taken + 1 END,
           ends_at = excluded.ends_at
     WHERE b.ends_at <= $2::timestamptz OR b.taken < $5::integer
    RETURNING b.taken
), everywhere AS (
    UPDATE credential c
       SET tries = CASE WHEN c.last_try <= $3::timestamptz THEN 1
                        ELSE c.tries + 1 END,
           last_try = $2::timestamptz
      FROM who, here
     WHERE c.account_id = who.account_id
       AND (c.tries < $6::integer OR c.last_try <= $3::timestamptz)
    RETURNING c.account_id, who.kind, who.version, c.hash,
              here.taken >= $5::integer OR c.tries >= $6::integer AS locks
), told AS (
    INSERT INTO mail (mail_key, purpose, account_id, account_kind,
                      account_version, address, asked_at, state, due_at,
                      attempts)
    SELECT 'LOCKED/' || e.account_id || '/' || $2::timestamptz::text, :MAIL_LOCKED,
           e.account_id, e.kind, e.version, '', $2::timestamptz, 1,
           $2::timestamptz + interval '10 seconds', 0
      FROM everywhere e
     WHERE e.locks
       AND (SELECT count(*) FROM mail m
             WHERE m.account_id = e.account_id AND m.purpose = :MAIL_LOCKED
               AND m.asked_at > $2::timestamptz - interval '1 hour') < 3
    ON CONFLICT (mail_key) DO NOTHING
)
SELECT account_id, kind, version, hash FROM everywhere
