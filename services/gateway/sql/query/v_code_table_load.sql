SELECT
    name, version, incarnation, rows
FROM v_code_table
WHERE name = ANY($1::text[])
ORDER BY name
