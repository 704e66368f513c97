SELECT table_name::text, table_name::text, version
FROM code_table
WHERE table_name > $1::text
ORDER BY table_name LIMIT $2::integer
