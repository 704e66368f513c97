INSERT INTO v_code_table
       (name, version, rows)
SELECT unnest($1::text[]), unnest($2::bigint[]), unnest($3::text[])
    ON CONFLICT (name) DO UPDATE
   SET version = excluded.version, rows = excluded.rows
