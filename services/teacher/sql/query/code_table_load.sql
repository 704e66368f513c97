SELECT
    table_name, version
FROM code_table
WHERE table_name = ANY($1::text[])
ORDER BY table_name
