INSERT INTO inbox (command_id, lane, at, outcome)
SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::timestamptz[], $4::bytea[])
