-- Takes one of the five tries if the code ($3: its MAC) is not the one sent. A
-- right code takes none, so the same proof can be asked for again.
UPDATE verification
   SET tries = tries + CASE WHEN code_mac = $3::bytea THEN 0 ELSE 1 END
 WHERE verification_id = $1::uuid AND expires_at > $2::timestamptz
   AND tries < 5
RETURNING coalesce(code_mac = $3::bytea, false)
