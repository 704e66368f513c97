INSERT INTO v_code_table
       (name, version, incarnation, rows)
SELECT *
  FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[])
    ON CONFLICT (name) DO UPDATE
   SET version = excluded.version, incarnation = excluded.incarnation, rows =
       excluded.rows
