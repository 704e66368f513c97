UPDATE mail SET due_at = $2::timestamptz, attempts = attempts - $3::smallint
 WHERE mail_key = $1::text AND state = :MAIL_WAITING
