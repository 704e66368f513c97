-- $1 own unit, $2 its kind; $3 what the officer approves: kind of unit * 4 +
-- reach; $4 manages teacher accounts. $5 units, $6 statuses, $7 account kinds;
-- NULL: no filter. $8, $9, $10: the row before; $11 count?; $12 rows. Proven
-- persons come first, so that strangers' applications hide none of them. The
-- second part: teachers of the own units who wait and named another school.
WITH matched AS NOT MATERIALIZED (
    SELECT a.account_id, a.account_kind, a.version, a.organization,
           o.name AS organization_name,
           unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                      $1::text, $2::smallint) AS reach,
           a.name, a.wanted_role, a.succeeds, a.status, a.closed_cause,
           a.identity_proven, a.applied_at, a.lapses_at
      FROM v_application a
      JOIN v_organization o ON o.code = a.organization
     WHERE CASE a.account_kind
           WHEN 1 THEN o.kind * 4
                       + unit_reach(o.code, o.kind, o.managing_centre,
                                    o.parent_code, $1::text, $2::smallint)
                       = ANY ($3::integer[])
           ELSE $4::boolean
                AND unit_reach(o.code, o.kind, o.managing_centre,
                               o.parent_code, $1::text, $2::smallint) > 0
           END
       AND ($5::text[] IS NULL OR a.organization = ANY ($5::text[]))
       AND ($6::smallint[] IS NULL OR a.status = ANY ($6::smallint[]))
       AND ($7::smallint[] IS NULL OR a.account_kind = ANY ($7::smallint[]))
     UNION ALL
    SELECT DISTINCT ON (a.account_id)
           a.account_id, 2::smallint, a.version, a.organization, n.name,
           1, a.name, 0::smallint, NULL::uuid, a.status, a.closed_cause,
           a.identity_proven, a.applied_at, a.lapses_at
      FROM v_post p
      JOIN v_organization o ON o.code = p.organization
      JOIN v_teacher_account a
        ON a.person_id = p.person_id AND a.status = :ACCOUNT_PENDING
      JOIN v_organization n ON n.code = a.organization
     WHERE $4::boolean
       AND p.organization = ANY ($5::text[])
       AND a.organization <> ALL ($5::text[])
       AND unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                      $1::text, $2::smallint) = 1
       AND ($6::smallint[] IS NULL OR a.status = ANY ($6::smallint[]))
       AND ($7::smallint[] IS NULL OR 2 = ANY ($7::smallint[]))
)
SELECT m.*, CASE WHEN $11::boolean THEN (SELECT count(*) FROM matched) END
  FROM matched m
 WHERE (NOT m.identity_proven, m.applied_at, m.account_id)
       > ($8::boolean, $9::timestamptz, $10::uuid)
 ORDER BY NOT m.identity_proven, m.applied_at, m.account_id
 LIMIT $12::integer
