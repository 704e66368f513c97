-- For a command about an account: its unit, its state, and the holder's teacher
-- record with its open posts (rule 8). For a teacher account a row for each
-- unit, the one named in the application first, because officers of the present
-- school decide, too.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       a.account_kind, a.person_id, a.role, a.permissions, a.status, a.login,
       a.identity_proven, coalesce(t.version, 0::bigint),
       (SELECT string_agg(p.organization, ' ' ORDER BY p.kind, p.organization)
          FROM v_post p WHERE p.person_id = a.person_id),
       t.name, t.email, coalesce(t.incarnation, 0::bigint), a.organization
  FROM (SELECT :ACCOUNT_BUSINESS::smallint AS account_kind, organization,
               person_id, role, permissions, status, login, identity_proven
          FROM v_business_account WHERE account_id = $1::uuid
         UNION ALL
        SELECT :ACCOUNT_TEACHER::smallint, organization, person_id,
               0::smallint, 0, status, login, identity_proven
          FROM v_teacher_account WHERE account_id = $1::uuid) a
 CROSS JOIN LATERAL (
       SELECT a.organization AS code
        UNION
       SELECT p.organization FROM v_post p
        WHERE a.account_kind = :ACCOUNT_TEACHER AND p.person_id = a.person_id) u
  LEFT JOIN v_organization o ON o.code = u.code
  LEFT JOIN v_teacher t ON t.person_id = a.person_id
 ORDER BY u.code = a.organization DESC, u.code
