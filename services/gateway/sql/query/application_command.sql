-- What closing an application needs: who may, and what its owner asks for. The
-- last column: whether its receipt is good still, as in application_read. Of a
-- teacher's application a row for each unit where the person has a post, too.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       a.account_kind, a.organization, a.person_id, a.login, a.wanted_role,
       coalesce(a.lapses_at, a.applied_at + interval '30 days')
           + interval '30 days' > now()
  FROM v_application a
 CROSS JOIN LATERAL (
       SELECT a.organization AS code
        UNION
       SELECT p.organization FROM v_post p
        WHERE a.account_kind = :ACCOUNT_TEACHER AND p.person_id = a.person_id) u
  JOIN v_organization o ON o.code = u.code
 WHERE a.account_id = $1::uuid
 ORDER BY u.code = a.organization DESC, u.code
