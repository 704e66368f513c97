INSERT INTO journal (lane, seq, incarnation, at, kind, partition, type, key,
    command_id, causation, actor, code, traceparent, version, value, digest, chain,
    completes, origin)
SELECT unnest($1::smallint[]), unnest($2::bigint[]), unnest($3::bigint[]),
    unnest($4::timestamptz[]), unnest($5::smallint[]), unnest($6::smallint[]),
    unnest($7::text[]), unnest($8::text[]), unnest($9::uuid[]),
    unnest($10::text[]), unnest($11::uuid[]), unnest($12::text[]),
    unnest($13::text[]), unnest($14::bigint[]), unnest($15::bytea[]),
    unnest($16::bytea[]), unnest($17::bytea[]),
    unnest($18::text[]), unnest($19::text[])
