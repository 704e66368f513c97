INSERT INTO code_table (table_name, version)
SELECT * FROM unnest($1::text[], $2::bigint[])
ON CONFLICT (table_name) DO UPDATE SET
    version = excluded.version
