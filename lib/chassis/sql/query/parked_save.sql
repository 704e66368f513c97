INSERT INTO parked (lane, topic, position, key, type, id, source, traceparent,
    sequence, incarnation, entity_version, at, value, reason)
SELECT * FROM unnest($1::smallint[], $2::text[], $3::bigint[], $4::text[],
    $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
    $10::bigint[], $11::bigint[], $12::timestamptz[], $13::bytea[], $14::text[])
