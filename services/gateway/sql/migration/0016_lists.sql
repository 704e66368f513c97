-- Lists read the rows of the unit that asks, whatever the country holds (R10).
--
-- Deleted accounts and closed applications stay as rows; lists of live accounts
-- walk past none of them.
DROP INDEX v_business_account_list;
CREATE INDEX v_business_account_list
    ON v_business_account (organization, name, account_id)
    WHERE status IN (2, 3, 4);
DROP INDEX v_business_account_name;
CREATE INDEX v_business_account_name ON v_business_account (name, account_id)
    WHERE status IN (2, 3, 4);

-- A unit's applications, and those of them that wait.
CREATE INDEX v_business_account_applied
    ON v_business_account (organization, applied_at, account_id)
    WHERE applied_at IS NOT NULL;
CREATE INDEX v_teacher_account_applied
    ON v_teacher_account (organization, applied_at, account_id)
    WHERE applied_at IS NOT NULL;
CREATE INDEX v_business_account_waiting ON v_business_account (organization)
    WHERE status = 2;
CREATE INDEX v_teacher_account_waiting ON v_teacher_account (organization)
    WHERE status = 2;

-- One's own operations, newest first.
CREATE INDEX operation_scope ON operation (scope, operation_id);

-- Teachers pulled away from a unit, the task MOVED_AWAY.
CREATE INDEX v_move_away ON v_move (from_organization, done_at)
    WHERE done_at IS NOT NULL AND undone_at IS NULL
      AND from_organization <> '' AND to_organization <> '';
CREATE INDEX v_organization_without_chief ON v_organization (code)
    WHERE status = 1 AND active_chiefs = 0;

-- The units an officer of unit `own` comes to: those for which unit_reach() is
-- above 0, found by index. A test compares the two.
CREATE FUNCTION units_within(own text, own_kind smallint)
    RETURNS SETOF text LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT o.code FROM v_organization o WHERE o.code = own
         UNION ALL
        SELECT o.code FROM v_organization o
         WHERE own_kind = 5 AND o.kind = 5 AND o.parent_code = own
           AND o.parent_code <> '' AND o.code <> own
         UNION ALL
        SELECT o.code FROM v_organization o
         WHERE own_kind = 9 AND o.managing_centre = own AND o.code <> own
         UNION ALL
        SELECT o.code FROM v_organization o
         WHERE own_kind = 10 AND o.code <> own;
    END;

-- `by`: 1 the approver of an account that goes from role to new_role; 2 the
-- managing centre; 3 the unit's teacher account management; 4 the approver of a
-- CHIEF, where the kind of unit is expected to have one (a parameter of the
-- query, from lib/rules). A unit without an ACTIVE CHIEF is shown unless the
-- CHIEF of its main unit reaches it, as in a kindergarten's own branch (R7, I3).
DROP VIEW v_task;
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
-- A teacher's login, at each school of the teacher; roaming needs no password.
SELECT 'NOT_ACTIVATED', 3::smallint, p.organization,
       a.account_id::text, 0::smallint, 0::smallint, a.enabled_at, p.name
  FROM v_post p
  JOIN v_teacher_account a ON a.person_id = p.person_id AND a.status = 3
 WHERE a.source <> 3
   AND NOT EXISTS (SELECT FROM credential c WHERE c.account_id = a.account_id)
 UNION ALL
SELECT CASE o.kind WHEN 9 THEN 'CENTRE_WITHOUT_CHIEF'
                   ELSE 'SCHOOL_WITHOUT_CHIEF' END,
       4::smallint, o.code, o.code, 0::smallint, 1::smallint,
       NULL::timestamptz, o.name
  FROM v_organization o
 WHERE o.status = 1 AND o.active_chiefs = 0
   AND NOT EXISTS (SELECT FROM v_organization p
                    WHERE p.code = o.parent_code AND o.parent_code <> ''
                      AND p.status = 1
                      AND unit_reach(o.code, o.kind, o.managing_centre,
                                     o.parent_code, p.code, p.kind) = 1)
 UNION ALL
-- The holder has left the school, and the account there was spared (T15).
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
-- Another school has pulled the teacher; it can be undone for 30 days (T1).
SELECT 'MOVED_AWAY', 3::smallint, m.from_organization,
       m.move_id::text, 0::smallint, 0::smallint, m.done_at, t.name
  FROM v_move m
  JOIN v_teacher t USING (person_id)
 WHERE m.done_at IS NOT NULL AND m.undone_at IS NULL
   AND m.from_organization <> '' AND m.to_organization <> '';
