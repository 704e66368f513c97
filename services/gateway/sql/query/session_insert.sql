-- Only while the password is the one that was verified ($7). Setting another
-- one ends all sessions, and a session that begins meanwhile waits here for
-- that.
INSERT INTO session (token_hash, account_id, account_kind, account_version,
                     level, auth_time, seen_at, expires_at)
SELECT $1::bytea, c.account_id, $3::smallint, $4::bigint, 2, $5::timestamptz,
       $5::timestamptz, $6::timestamptz
  FROM credential c
 WHERE c.account_id = $2::uuid AND c.hash = $7::text
   FOR SHARE
RETURNING account_id
