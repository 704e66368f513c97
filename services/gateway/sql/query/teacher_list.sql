-- $1 own unit, $2 its kind; $3 units, $4 part of the folded name, $5 statuses,
-- $6 title sets, $7 subjects, $8 stages; NULL: no filter. $9-$11: the row
-- before; $12 count?; $13 rows. Of each unit within reach it reads v_post_list
-- alone, so a list costs what the units hold.
WITH
\ir ../part/teacher_list_units.sql
matched AS MATERIALIZED (
    SELECT p.*
      FROM unit u
     CROSS JOIN LATERAL (
           SELECT v.person_id, v.organization, v.name, v.folded, v.kind,
                  v.title, v.account_status
             FROM v_post v WHERE v.organization = u.code OFFSET 0) p
     WHERE true
\ir ../part/teacher_filters_narrow.sql
)
\ir ../part/teacher_page.sql
