-- teacher_list.sql for all units by title set: of each title it walks
-- v_post_title, no further than the page needs, or through, for the counts.
WITH matched AS MATERIALIZED (
    SELECT p.*
      FROM (SELECT DISTINCT s.title FROM v_title_set s
             WHERE s.title_set = ANY ($6::text[])) t
     CROSS JOIN LATERAL (
           SELECT p.person_id, p.organization, p.name, p.kind, p.title,
                  p.account_status
             FROM v_post p
            WHERE p.title = t.title
              AND (p.name, p.person_id, p.organization)
                  > (CASE WHEN $12::boolean THEN '' ELSE $9::text END
                     COLLATE extensions.zh_stroke, $10::uuid, $11::text)
\ir ../part/teacher_filters_narrow.sql
            ORDER BY p.name, p.person_id, p.organization
            LIMIT CASE WHEN $12::boolean THEN NULL ELSE $13::integer END) p
)
\ir ../part/teacher_page.sql
