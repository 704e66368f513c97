INSERT INTO parked (lane, topic, position, key, type, id, source, traceparent,
    sequence, incarnation, entity_version, at, value, reason)
SELECT unnest($1::smallint[]), unnest($2::text[]), unnest($3::bigint[]),
    unnest($4::text[]), unnest($5::text[]), unnest($6::text[]),
    unnest($7::text[]), unnest($8::text[]), unnest($9::bigint[]),
    unnest($10::bigint[]), unnest($11::bigint[]), unnest($12::timestamptz[]),
    unnest($13::bytea[]), unnest($14::text[])
