-- teacher_list.sql for all units by name: a mask shows how the name begins, so
-- v_post_folded is read from there.
WITH matched AS MATERIALIZED (
    SELECT p.person_id, p.organization, p.name, p.kind, p.title, p.account_status
      FROM v_post p
     WHERE p.folded ~>=~ substring($4::text FROM '^[^_%\\]*')
       AND p.folded ~<~ (substring($4::text FROM '^[^_%\\]*') || chr(1114111))
\ir ../part/teacher_filters_narrow.sql
)
\ir ../part/teacher_page.sql
