-- A row for each unit where the teacher has a post. Without a post one row with
-- the unit of the application, or without unit.
SELECT a.version, a.person_id, a.status, a.cause, a.login, a.organization,
       a.name, a.email, a.source, a.applied_at, a.enabled_at, a.disabled_at,
       o.code, o.kind, o.managing_centre, o.parent_code, o.status
  FROM v_teacher_account a
  LEFT JOIN v_post p ON p.person_id = a.person_id
  LEFT JOIN v_organization o
    ON o.code = coalesce(p.organization, nullif(a.organization, ''))
 WHERE a.account_id = $1::uuid
 ORDER BY p.kind, o.code
