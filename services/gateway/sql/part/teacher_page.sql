-- The page of `matched`, the narrow columns of the posts that match.
\ir ../part/teacher_page_columns.sql
  JOIN v_post p ON p.person_id = page.person_id
               AND p.organization = page.organization
  JOIN v_organization o ON o.code = p.organization
 ORDER BY page.name, page.person_id, page.organization
