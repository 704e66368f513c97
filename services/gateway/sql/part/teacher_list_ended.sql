-- The posts at the units of a list that ended after the day $14, as in
-- teacher_list_on.sql.
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
