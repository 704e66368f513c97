INSERT INTO journal_personal (lane, seq, value)
SELECT unnest($1::smallint[]), unnest($2::bigint[]), unnest($3::bytea[])
