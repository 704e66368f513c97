-- teacher_list.sql for an area or the country, without filters by name, title set,
-- subject or stage: it walks v_post_name.
WITH matched AS NOT MATERIALIZED (
    SELECT p.person_id, p.organization, p.name, p.kind, p.title, p.account_status
      FROM v_post p
     WHERE ($2::smallint = :KIND_PLATFORM OR p.organization IN (
            SELECT u.code FROM units_within($1::text, $2::smallint) AS u(code)))
\ir ../part/teacher_filters_narrow.sql
)
\ir ../part/teacher_page.sql
