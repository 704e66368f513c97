-- The page of `matched`, the narrow columns of the posts that match.
SELECT p.person_id, p.name, p.organization,
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
  JOIN v_post p ON p.person_id = page.person_id
               AND p.organization = page.organization
  JOIN v_organization o ON o.code = p.organization
 ORDER BY page.name, page.person_id, page.organization
