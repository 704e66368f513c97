-- teacher_list.sql for one unit, without filters. It walks v_post_list and needs
-- no separate plan for each set of filters, which costs more than the list. $1
-- own unit, $2 its kind; $3 the unit; $4, $5 the row before; $6 count?; $7 rows.
-- The counts come from the index alone: in one unit a person has one post.
SELECT p.person_id, p.name, p.organization,
       CASE unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                       $1::text, $2::smallint)
            WHEN :REACH_OWN THEN p.item ELSE p.masked_item END,
       p.version, o.name, p.account_status, p.account_id,
       CASE WHEN $6::boolean THEN
            (SELECT teacher_counts(
                        count(*),
                        count(*) FILTER (WHERE c.account_status
                                         <> :ACCOUNT_NOT_APPLIED),
                        count(*) FILTER (WHERE c.account_status
                                         <> :ACCOUNT_NOT_APPLIED
                                         AND c.title = ANY (ARRAY(
                                SELECT s.title FROM v_title_set s
                                 WHERE s.title_set = 'ADMINISTRATIVE_STAFF'))),
                        count(*))
               FROM v_post c WHERE c.organization = $3::text) END
  FROM v_organization o
  JOIN v_post p ON p.organization = o.code
 WHERE o.code = $3::text
   AND unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                  $1::text, $2::smallint) > 0
   AND (p.name, p.person_id)
       > ($4::text COLLATE extensions.zh_stroke, $5::uuid)
 ORDER BY p.name, p.person_id
 LIMIT $7::integer
