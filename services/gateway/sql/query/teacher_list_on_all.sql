-- teacher_list_on.sql for an area or the country. It walks v_post_name until the page is
-- full, then for posts that have ended v_teacher_name, no further than the page
-- goes. If few of an area had a post on the day, those that ended are read by unit
-- instead. U+FFFF sorts after all other characters.
WITH
\ir ../part/teacher_list_units.sql
today AS MATERIALIZED (
    SELECT p.person_id, p.name, p.organization, p.kind, p.account_status, p.title,
           NULL::date AS until
      FROM v_post p
     WHERE p.since <= $14::date
       AND ($12::boolean OR (p.name, p.person_id, p.organization)
            > ($9::text COLLATE extensions.zh_stroke, $10::uuid, $11::text))
       AND ($2::smallint = :KIND_PLATFORM
            OR p.organization IN (SELECT u.code FROM unit u))
\ir ../part/teacher_filters_narrow.sql
     ORDER BY p.name, p.person_id, p.organization
     LIMIT CASE WHEN $12::boolean THEN NULL ELSE $13::integer END
), ended AS MATERIALIZED (
    SELECT t.person_id, p.organization, t.name, p.kind, p.account_status, p.title,
           p.until
      FROM v_teacher t
     CROSS JOIN LATERAL (
           SELECT p.organization, p.kind,
                  CASE WHEN $12::boolean THEN p.account_status END
                      AS account_status,
                  CASE WHEN $12::boolean THEN p.title END AS title, p.until
             FROM v_post_past p
            WHERE p.person_id = t.person_id
              AND p.until > $14::date AND p.since <= $14::date
              AND ($2::smallint = :KIND_PLATFORM
                   OR p.organization IN (SELECT u.code FROM unit u))
              AND ($7::text[] IS NULL OR p.subjects && $7::text[])
              AND ($8::text[] IS NULL OR p.stage = ANY ($8::text[]))
\ir ../part/teacher_filters.sql
           OFFSET 0) p
     WHERE ($2::smallint = :KIND_PLATFORM
            OR (SELECT count(*) FROM today) = $13::integer)
       AND ($4::text IS NULL OR t.folded LIKE $4::text)
       AND ($12::boolean OR (t.name, t.person_id)
            >= ($9::text COLLATE extensions.zh_stroke, $10::uuid)
            AND (t.name, t.person_id, p.organization)
            > ($9::text COLLATE extensions.zh_stroke, $10::uuid, $11::text)
            AND t.name <= coalesce((SELECT d.name FROM today d
                                    OFFSET $13::integer - 1 LIMIT 1),
                                   chr(65535)) COLLATE extensions.zh_stroke)
     ORDER BY t.name, t.person_id, p.organization
     LIMIT CASE WHEN $12::boolean THEN NULL ELSE $13::integer END
), ended_at_units AS MATERIALIZED (
    SELECT * FROM (
\ir ../part/teacher_list_ended.sql
           ) e
     WHERE $2::smallint <> :KIND_PLATFORM
       AND (SELECT count(*) FROM today) <> $13::integer
), matched AS NOT MATERIALIZED (
    SELECT person_id, organization, name, kind, account_status, title, until
      FROM today
     UNION ALL
    SELECT * FROM ended
     UNION ALL
    SELECT * FROM ended_at_units
)
\ir ../part/teacher_page_on.sql
