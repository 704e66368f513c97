INSERT INTO v_code_table
       (name, version, rows)
SELECT *
  FROM unnest($1::text[], $2::bigint[], $3::text[])
    ON CONFLICT (name) DO UPDATE
   SET version = excluded.version, rows = excluded.rows
