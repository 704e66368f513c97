-- Tasks (route 70): a view over facts, so none is lost and none outlives its
-- reason (I3). `by`: who must act. 1 the approver of an account that goes from
-- role to new_role; 2 the managing centre; 3 the unit's own teacher account
-- management. Stands behind the migration of credentials, which it reads.
CREATE VIEW v_task AS
SELECT 'APPLICATION_WAITING' AS kind, 1::smallint AS by, b.organization,
       b.account_id::text AS subject, 0::smallint AS role,
       b.wanted_role AS new_role, b.applied_at AS at, b.name AS about
  FROM v_business_account b
 WHERE b.status = 2
 UNION ALL
SELECT 'TEACHER_APPLICATION', 3::smallint, a.organization,
       a.account_id::text, 0::smallint, 0::smallint, a.applied_at, a.name
  FROM v_teacher_account a
 WHERE a.status = 2
 UNION ALL
SELECT 'DELETION_REQUESTED', 1::smallint, b.organization,
       b.account_id::text, b.role, 0::smallint, b.deletion_requested_at, b.name
  FROM v_business_account b
 WHERE b.status IN (3, 4) AND b.deletion_requested_at IS NOT NULL
 UNION ALL
SELECT 'LEAVER_ACCOUNT', 1::smallint, b.organization,
       b.account_id::text, b.role, 0::smallint, b.disabled_at, b.name
  FROM v_business_account b
 WHERE b.status = 4 AND b.cause = 4 AND b.deletion_requested_at IS NULL
 UNION ALL
SELECT 'NOT_ACTIVATED', 1::smallint, b.organization,
       b.account_id::text, b.role, 0::smallint, b.enabled_at, b.name
  FROM v_business_account b
 WHERE b.status = 3
   AND NOT EXISTS (SELECT FROM credential c WHERE c.account_id = b.account_id)
 UNION ALL
SELECT 'SCHOOL_WITHOUT_CHIEF', 2::smallint, o.code,
       o.code, 0::smallint, 0::smallint, NULL::timestamptz, o.name
  FROM v_organization o
 WHERE o.kind BETWEEN 1 AND 5 AND o.status = 1 AND o.active_chiefs = 0
   AND o.parent_code = ''
 UNION ALL
-- He has left the school, and his account there was spared (T15).
SELECT 'LAST_CHIEF_MOVED', 2::smallint, b.organization,
       b.account_id::text, b.role, 0::smallint, m.done_at, b.name
  FROM v_business_account b
 CROSS JOIN LATERAL (
       SELECT max(v.done_at) AS done_at
         FROM v_move v
        WHERE v.person_id = b.person_id
          AND v.from_organization = b.organization
          AND v.undone_at IS NULL) m
 WHERE b.status = 3 AND b.role = 1 AND m.done_at IS NOT NULL
   AND NOT EXISTS (SELECT FROM v_post p
                    WHERE p.person_id = b.person_id
                      AND p.organization = b.organization)
 UNION ALL
-- Another school has pulled him; it can be undone for 30 days (T1).
SELECT 'MOVED_AWAY', 3::smallint, m.from_organization,
       m.move_id::text, 0::smallint, 0::smallint, m.done_at, t.name
  FROM v_move m
  JOIN v_teacher t USING (person_id)
 WHERE m.done_at IS NOT NULL AND m.undone_at IS NULL
   AND m.from_organization <> '' AND m.to_organization <> '';
