SELECT count(*),
       coalesce(extract(epoch FROM now() - min(asked_at)), 0)::bigint
  FROM mail
 WHERE state = :MAIL_WAITING
