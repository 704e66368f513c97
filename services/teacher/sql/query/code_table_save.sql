INSERT INTO code_table (
    table_name, version
)
SELECT
    unnest($1::text[]), unnest($2::bigint[])
ON CONFLICT (table_name) DO UPDATE SET
    version = excluded.version
