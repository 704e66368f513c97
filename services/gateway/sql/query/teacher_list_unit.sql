-- teacher_list.sql for one unit, without filters and counts. It walks
-- v_post_list and needs no separate plan for each set of filters, which costs
-- more than the list. $1 own unit, $2 its kind; $3 the unit; $4, $5 the row
-- before; $6 rows.
SELECT p.person_id, t.version, p.name, t.masked_name, p.organization, o.name,
       unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                  $1::text, $2::smallint) AS reach,
       p.kind, p.title, p.stage, p.unit_note, to_json(p.subjects)::text,
       coalesce(a.status, :ACCOUNT_NOT_APPLIED::smallint), a.account_id,
       NULL::text
  FROM v_organization o
  JOIN v_post p ON p.organization = o.code
  JOIN v_teacher t ON t.person_id = p.person_id
  LEFT JOIN v_teacher_account a
    ON a.person_id = p.person_id
   AND a.status IN (:ACCOUNT_ACTIVE, :ACCOUNT_DISABLED)
 WHERE o.code = $3::text
   AND unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                  $1::text, $2::smallint) > 0
   AND (p.name, p.person_id)
       > ($4::text COLLATE extensions.zh_stroke, $5::uuid)
 ORDER BY p.name, p.person_id
 LIMIT $6::integer
