-- The first code that is not known. $1 names of parameters; $2 for each the
-- table of its codes (a code table, '' for units); $3 values: three arrays of
-- equal length.
SELECT asked.name
  FROM unnest($1::text[], $2::text[], $3::text[])
       WITH ORDINALITY AS asked(name, place, value, n)
 WHERE CASE
       WHEN asked.place = '' THEN NOT EXISTS
            (SELECT FROM v_organization o WHERE o.code = asked.value)
       ELSE NOT EXISTS
            (SELECT FROM v_code_table t
              CROSS JOIN LATERAL jsonb_to_recordset(t.rows::jsonb)
                         AS r(code text)
              WHERE t.name = asked.place AND r.code = asked.value)
       END
 ORDER BY asked.n
 LIMIT 1
