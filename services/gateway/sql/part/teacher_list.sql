-- The one predicate of the list of teachers, over the posts of `there`; $1 to $13
-- as in teacher_list.sql.
matched AS NOT MATERIALIZED (
    SELECT p.*, o.name AS organization_name,
           unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                      $1::text, $2::smallint) AS reach
      FROM there p
      JOIN v_organization o ON o.code = p.organization
     WHERE unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                      $1::text, $2::smallint) > 0
       AND ($3::text[] IS NULL OR p.organization = ANY ($3::text[]))
       AND ($4::text IS NULL OR p.folded LIKE $4::text)
       AND ($5::smallint[] IS NULL OR p.account_status = ANY ($5::smallint[]))
       AND ($6::text[] IS NULL OR EXISTS
            (SELECT FROM v_title_set s
              WHERE s.title_set = ANY ($6::text[]) AND s.title = p.title))
       AND ($7::text[] IS NULL OR p.subjects && $7::text[])
       AND ($8::text[] IS NULL OR p.stage = ANY ($8::text[]))
)
SELECT m.person_id, m.name, m.organization,
       CASE m.reach WHEN :REACH_OWN THEN m.item ELSE m.masked_item END,
       m.version, m.organization_name, m.account_status, m.account_id,
       CASE WHEN $12::boolean THEN
            (SELECT teacher_counts(
                        count(*), count(*) FILTER (WHERE c.applied),
                        count(*) FILTER (WHERE c.applied AND c.leading % 2 = 1),
                        coalesce(sum(c.posts), 0)::bigint)
               FROM (SELECT count(*) AS posts,
                            bool_or(m.account_status <> :ACCOUNT_NOT_APPLIED)
                                AS applied,
                            min(m.kind * 2 + (s.title IS NOT NULL)::integer)
                                AS leading
                       FROM matched m
                       LEFT JOIN (SELECT DISTINCT title FROM v_title_set
                                   WHERE title_set = 'ADMINISTRATIVE_STAFF') s
                         ON s.title = m.title
                      GROUP BY m.person_id) c) END
  FROM matched m
 WHERE (m.name, m.person_id, m.organization)
       > ($9::text COLLATE extensions.zh_stroke, $10::uuid, $11::text)
 ORDER BY m.name, m.person_id, m.organization
 LIMIT $13::integer
