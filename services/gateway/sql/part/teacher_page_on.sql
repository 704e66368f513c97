-- The page of `matched`, posts of a day: those that have ended have `until`. What such
-- a post was like stands in the teacher's record, which is read for the page only.
\ir ../part/teacher_page_columns.sql
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
