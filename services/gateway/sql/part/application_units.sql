-- The application's unit; of a teacher's application also each unit where the
-- person has a post.
 CROSS JOIN LATERAL (
       SELECT a.organization AS code
        UNION
       SELECT p.organization FROM v_post p
        WHERE a.account_kind = :ACCOUNT_TEACHER AND p.person_id = a.person_id) u
  JOIN v_organization o ON o.code = u.code
