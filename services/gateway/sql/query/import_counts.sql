-- The number of rows in each state.
SELECT state, code, count(*), min(row), max(row)
  FROM import_row
 WHERE import_id = $1::uuid
 GROUP BY state, code
 ORDER BY state, code
