-- The columns of a list of teachers: `page` is the page of `matched`; p, its rows, and
-- o, their units, are joined by the file that includes this one. The last column is
-- the counts of `matched`, if $12. They are the letter's and count persons (T8): a
-- person with several posts counts by the primary one. Their posts are counted
-- separately: the column is the inside of two JSON members.
SELECT page.person_id, page.name, page.organization,
       CASE unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                       $1::text, $2::smallint)
            WHEN :REACH_OWN THEN p.item ELSE p.masked_item END,
       p.version, o.name, p.account_status, p.account_id,
       CASE WHEN $12::boolean THEN
            (SELECT teacher_counts(
                        count(*), count(*) FILTER (WHERE c.applied),
                        count(*) FILTER (WHERE c.applied AND c.leading % 2 = 1),
                        coalesce(sum(c.posts), 0)::bigint)
               FROM (SELECT count(*) AS posts,
                            bool_or(m.account_status <> :ACCOUNT_NOT_APPLIED)
                                AS applied,
                            min(m.kind * 2 + (m.title = ANY (ARRAY(
                                SELECT s.title FROM v_title_set s
                                 WHERE s.title_set = 'ADMINISTRATIVE_STAFF')
                                ))::integer) AS leading
                       FROM matched m
                      GROUP BY m.person_id) c) END
  FROM (SELECT * FROM matched m
         WHERE (m.name, m.person_id, m.organization)
               > ($9::text COLLATE extensions.zh_stroke, $10::uuid, $11::text)
         ORDER BY m.name, m.person_id, m.organization
         LIMIT $13::integer) page
