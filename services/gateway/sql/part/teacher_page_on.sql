-- The page of `matched`, posts of a day: those that have ended have `until`. What such
-- a post was like stands in the teacher's record, which is read for the page only.
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
