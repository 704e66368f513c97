UPDATE mail SET state = $2::smallint, ended_at = $3::timestamptz, address = ''
 WHERE mail_key = $1::text AND state = :MAIL_WAITING
