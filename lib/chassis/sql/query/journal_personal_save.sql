INSERT INTO journal_personal (lane, seq, value)
SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
