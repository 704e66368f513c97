WITH next AS (
    SELECT mail_key FROM mail
     WHERE state = :MAIL_WAITING AND due_at <= $1::timestamptz
     ORDER BY due_at
     LIMIT 1
       FOR UPDATE SKIP LOCKED
)
UPDATE mail m SET due_at = $2::timestamptz, attempts = m.attempts + 1
  FROM next
 WHERE m.mail_key = next.mail_key
RETURNING m.mail_key, m.purpose, m.account_id, m.account_kind,
          m.account_version, m.address, m.asked_at, m.attempts
