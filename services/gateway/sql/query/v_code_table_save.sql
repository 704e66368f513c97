INSERT INTO v_code_table (
    name, version, incarnation, rows
)
SELECT
    unnest($1::text[]), unnest($2::bigint[]), unnest($3::bigint[]),
    unnest($4::text[])
ON CONFLICT (name) DO UPDATE SET
    version = excluded.version, incarnation = excluded.incarnation,
    rows = excluded.rows
