-- The callers: one row for each token, or none if the session is over or its
-- account has lost the right since it began (T16). $2: now, $3: sessions last
-- used before are idle. The last column: the number of the token.
SELECT :ACCOUNT_BUSINESS::smallint AS account_kind, b.account_id, b.person_id,
       b.version,
       o.code, o.kind, o.status, o.parent_code, b.role, b.permissions,
       s.auth_time, s.seen_at, w.which
  FROM unnest($1::bytea[]) WITH ORDINALITY AS w(token_hash, which)
  JOIN session s ON s.token_hash = w.token_hash
   AND s.account_kind = :ACCOUNT_BUSINESS
  JOIN v_business_account b ON b.account_id = s.account_id
  JOIN v_organization o ON o.code = b.organization
 WHERE s.expires_at > $2::timestamptz AND s.seen_at > $3::timestamptz
   AND b.status = :ACCOUNT_ACTIVE AND s.account_version >= b.session_floor
 UNION ALL
SELECT :ACCOUNT_TEACHER::smallint, a.account_id, a.person_id, a.version,
       ''::text, 0::smallint, 0::smallint, ''::text, 0::smallint, 0,
       s.auth_time, s.seen_at, w.which
  FROM unnest($1::bytea[]) WITH ORDINALITY AS w(token_hash, which)
  JOIN session s ON s.token_hash = w.token_hash
   AND s.account_kind = :ACCOUNT_TEACHER
  JOIN v_teacher_account a ON a.account_id = s.account_id
 WHERE s.expires_at > $2::timestamptz AND s.seen_at > $3::timestamptz
   AND a.status = :ACCOUNT_ACTIVE AND s.account_version >= a.session_floor
