-- $1 part of the folded name, $2 codes, $3 kinds, $4 counties, $5 centres, $6
-- statuses; NULL: no filter. $7, $8: the row before; $9 count?; $10 rows.
WITH matched AS NOT MATERIALIZED (
    SELECT
\ir ../part/organization.sql
      FROM v_organization o
     WHERE ($1::text IS NULL OR o.folded LIKE $1::text)
       AND ($2::text[] IS NULL OR o.code = ANY ($2::text[]))
       AND ($3::smallint[] IS NULL OR o.kind = ANY ($3::smallint[]))
       AND ($4::text[] IS NULL OR o.county = ANY ($4::text[]))
       AND ($5::text[] IS NULL OR o.managing_centre = ANY ($5::text[]))
       AND ($6::smallint[] IS NULL OR o.status = ANY ($6::smallint[]))
)
SELECT m.*, CASE WHEN $9::boolean THEN (SELECT count(*) FROM matched) END
  FROM matched m
 WHERE (m.name, m.code) > ($7::text COLLATE extensions.zh_stroke, $8::text)
 ORDER BY m.name, m.code
 LIMIT $10::integer
