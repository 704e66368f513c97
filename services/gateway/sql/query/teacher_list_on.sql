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
\ir ../part/teacher_list_ended.sql
)
\ir ../part/teacher_page_on.sql
