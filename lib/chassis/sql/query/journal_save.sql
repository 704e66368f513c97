INSERT INTO journal (lane, seq, incarnation, at, kind, partition, type, key,
    command_id, causation, actor, code, traceparent, version, value, digest, chain)
SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bigint[],
    $4::timestamptz[], $5::smallint[], $6::smallint[], $7::text[], $8::text[],
    $9::uuid[], $10::text[], $11::uuid[], $12::text[], $13::text[],
    $14::bigint[], $15::bytea[], $16::bytea[], $17::bytea[])
