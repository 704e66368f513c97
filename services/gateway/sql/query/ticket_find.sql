-- A ticket that is still good, with the words that its password must not
-- contain. The last column: whether the read model has the account yet.
SELECT t.purpose, t.account_id, coalesce(b.login, a.login),
       coalesce(b.email, a.email),
       b.account_id IS NOT NULL OR a.account_id IS NOT NULL
  FROM ticket t
  LEFT JOIN v_business_account b
    ON b.account_id = t.account_id AND t.account_kind = :ACCOUNT_BUSINESS
  LEFT JOIN v_teacher_account a
    ON a.account_id = t.account_id AND t.account_kind = :ACCOUNT_TEACHER
 WHERE t.token_hash = $1::bytea AND t.used_at IS NULL
   AND t.expires_at > $2::timestamptz
   AND coalesce(b.status, a.status, 3::smallint) = 3
