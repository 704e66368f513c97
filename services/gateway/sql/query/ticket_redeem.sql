-- Spends the ticket and sets the password, or changes nothing.
WITH spent AS (
    UPDATE ticket SET used_at = $2::timestamptz
     WHERE token_hash = $1::bytea AND used_at IS NULL
       AND expires_at > $2::timestamptz
    RETURNING account_id, purpose
)
INSERT INTO credential AS c (account_id, hash, changed_at)
SELECT account_id, $3::text, $2::timestamptz FROM spent
ON CONFLICT (account_id) DO UPDATE
   SET hash = excluded.hash, changed_at = excluded.changed_at, tries = 0,
       totp_sealed = CASE WHEN (SELECT purpose FROM spent) = 2 THEN NULL
                          ELSE c.totp_sealed END,
       totp_last_step = CASE WHEN (SELECT purpose FROM spent) = 2 THEN NULL
                             ELSE c.totp_last_step END,
       recovery = CASE WHEN (SELECT purpose FROM spent) = 2 THEN NULL
                       ELSE c.recovery END
RETURNING c.account_id
