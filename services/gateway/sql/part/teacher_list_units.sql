-- The units of a list of teachers; $1 to $3 as in teacher_list.sql.
unit AS (
    SELECT w.code FROM units_within($1::text, $2::smallint) AS w(code)
     WHERE $3::text[] IS NULL
     UNION ALL
    SELECT DISTINCT o.code
      FROM unnest($3::text[]) AS g(code)
      JOIN v_organization o USING (code)
     WHERE unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                      $1::text, $2::smallint) > 0
),
