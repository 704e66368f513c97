-- $1 own unit, $2 its kind; $3 what the officer approves: ((kind of unit * 4 +
-- role) * 4 + new role) * 4 + reach; $4 manages accounts, $5 manages teacher
-- accounts; $6 MOVED_AWAY since; $7 kinds of task or NULL; $8-$10: the row
-- before; $11 rows; $12 kinds of unit that are expected to have a CHIEF. An
-- application that names a former school is a task of the present one, too. The
-- arrays of units are read once, and each kind of task is found by its index:
-- for teacher accounts in the officer's own units, otherwise in those within
-- reach whose accounts the officer approves. No CHIEF of a unit that has ended is
-- left: its accounts and applications are tasks of its centre, or of the platform
-- (O3, B13).
SELECT t.kind, t.organization, o.name, t.subject, t.role, t.new_role, t.at,
       CASE WHEN r.reach = :REACH_OWN OR t.by <> 3 THEN t.about ELSE '' END
  FROM (SELECT * FROM v_task
         UNION ALL
        SELECT * FROM v_task_leave
         UNION ALL
        SELECT 'TEACHER_APPLICATION', 3::smallint, p.organization,
               a.account_id::text, 0::smallint, 0::smallint, a.applied_at,
               a.name
          FROM v_post p
          JOIN v_teacher_account a
            ON a.person_id = p.person_id AND a.status = :ACCOUNT_PENDING
           AND a.organization <> p.organization
         UNION ALL
        SELECT 'LEAVER_ACCOUNT', 1::smallint, b.organization,
               b.account_id::text, b.role, 0::smallint, b.disabled_at, b.name
          FROM v_business_account b
         WHERE b.status = :ACCOUNT_DISABLED
           AND b.cause IN (:DISABLED_UNIT_CLOSED, :DISABLED_MERGED)
           AND b.deletion_requested_at IS NULL) t
  JOIN v_organization o ON o.code = t.organization
 CROSS JOIN LATERAL (
       SELECT unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                         $1::text, $2::smallint) AS reach) r
 WHERE t.organization = ANY (CASE WHEN t.by = 3 THEN ARRAY(
           SELECT units_within($1::text, CASE WHEN $2::smallint = :KIND_KINDERGARTEN
                                              THEN :KIND_KINDERGARTEN
                                              ELSE 0 END::smallint)
       ) ELSE ARRAY(
           SELECT w.code FROM units_within($1::text, $2::smallint) AS u(code)
             JOIN v_organization w ON w.code = u.code
            WHERE w.kind = ANY (ARRAY(
                      SELECT c / 64 FROM unnest($3::integer[]) AS c))
       ) END)
   AND CASE t.by
       WHEN 1 THEN CASE
           WHEN o.status IN (:ORGANIZATION_CLOSED, :ORGANIZATION_MERGED_INTO)
           THEN $4::boolean AND r.reach = CASE
                    WHEN o.kind <= :KIND_KINDERGARTEN THEN :REACH_AREA
                    ELSE :REACH_ALL END
           ELSE ((o.kind * 4 + t.role) * 4 + t.new_role) * 4 + r.reach
                = ANY ($3::integer[]) END
       WHEN 2 THEN $4::boolean AND r.reach = :REACH_AREA
       WHEN 3 THEN $5::boolean AND r.reach = :REACH_OWN
       ELSE ((o.kind * 4 + t.role) * 4 + t.new_role) * 4 + r.reach
                = ANY ($3::integer[])
            AND o.kind = ANY ($12::smallint[])
       END
   AND (t.kind <> 'MOVED_AWAY' OR t.at > $6::timestamptz)
   AND ($7::text[] IS NULL OR t.kind = ANY ($7::text[]))
   AND (t.kind, t.organization, t.subject) > ($8::text, $9::text, $10::text)
 ORDER BY t.kind, t.organization, t.subject
 LIMIT $11::integer
