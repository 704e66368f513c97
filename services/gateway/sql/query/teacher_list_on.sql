-- teacher_list.sql for the teachers of the day $14, with posts that have ended. What
-- such a post was like stands in the teacher's record, which is read only for the
-- page, for counts, and if a filter asks for it.
WITH
\ir ../part/teacher_list_units.sql
matched AS MATERIALIZED (
    SELECT p.person_id, p.organization, p.name, p.kind, p.account_status,
           CASE WHEN $12::boolean THEN p.title END AS title, NULL::date AS until
      FROM unit u
      JOIN v_post p ON p.organization = u.code
     WHERE p.since <= $14::date
\ir ../part/teacher_filters_narrow.sql
     UNION ALL
    SELECT p.*
      FROM unit u
     CROSS JOIN LATERAL (
           SELECT p.person_id, p.organization, p.name, p.kind,
                  CASE WHEN $12::boolean THEN p.account_status END,
                  CASE WHEN $12::boolean THEN p.title END, p.until
             FROM v_post_past p
            WHERE p.organization = u.code
              AND p.until > $14::date AND p.since <= $14::date
              AND ($7::text[] IS NULL OR p.subjects && $7::text[])
              AND ($8::text[] IS NULL OR p.stage = ANY ($8::text[]))
\ir ../part/teacher_filters.sql
           OFFSET 0) p
)
SELECT page.person_id, page.name, page.organization,
       CASE unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                       $1::text, $2::smallint)
            WHEN :REACH_OWN THEN p.item ELSE p.masked_item END,
       p.version, o.name, p.account_status, p.account_id,
\ir ../part/teacher_counts.sql
  FROM (SELECT * FROM matched m
         WHERE (m.name, m.person_id, m.organization)
               > ($9::text COLLATE extensions.zh_stroke, $10::uuid, $11::text)
         ORDER BY m.name, m.person_id, m.organization
         LIMIT $13::integer) page
 CROSS JOIN LATERAL (
       SELECT v.item, v.masked_item, v.version, v.account_status, v.account_id
         FROM v_post v
        WHERE page.until IS NULL AND v.person_id = page.person_id
          AND v.organization = page.organization
        UNION ALL
       (SELECT v.item, v.masked_item, v.version, v.account_status, v.account_id
          FROM v_post_past v
         WHERE v.person_id = page.person_id
           AND v.organization = page.organization AND v.until = page.until
         LIMIT 1)) p
  JOIN v_organization o ON o.code = page.organization
 ORDER BY page.name, page.person_id, page.organization
