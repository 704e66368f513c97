INSERT INTO inbox (command_id, lane, at, outcome)
SELECT unnest($1::uuid[]), unnest($2::smallint[]), unnest($3::timestamptz[]),
    unnest($4::bytea[])
