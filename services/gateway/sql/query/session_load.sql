-- Who asks: one row for each token, or none when the session is over or its
-- account has lost the right since it began (T16). $2: now, $3: sessions seen
-- before are idle. The last column: which of the tokens.
SELECT 1::smallint AS account_kind, b.account_id, b.person_id, b.version,
       o.code, o.kind, o.status, o.parent_code, b.role, b.permissions,
       s.auth_time, s.seen_at, w.which
  FROM unnest($1::bytea[]) WITH ORDINALITY AS w(token_hash, which)
  JOIN session s ON s.token_hash = w.token_hash AND s.account_kind = 1
  JOIN v_business_account b ON b.account_id = s.account_id
  JOIN v_organization o ON o.code = b.organization
 WHERE s.expires_at > $2::timestamptz AND s.seen_at > $3::timestamptz
   AND b.status = 3 AND s.account_version >= b.session_floor
 UNION ALL
SELECT 2::smallint, a.account_id, a.person_id, a.version,
       ''::text, 0::smallint, 0::smallint, ''::text, 0::smallint, 0,
       s.auth_time, s.seen_at, w.which
  FROM unnest($1::bytea[]) WITH ORDINALITY AS w(token_hash, which)
  JOIN session s ON s.token_hash = w.token_hash AND s.account_kind = 2
  JOIN v_teacher_account a ON a.account_id = s.account_id
 WHERE s.expires_at > $2::timestamptz AND s.seen_at > $3::timestamptz
   AND a.status = 3 AND s.account_version >= a.session_floor
