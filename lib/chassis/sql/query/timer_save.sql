INSERT INTO timer (lane, name, due_at, partition, type, lane_key, value, command_id)
SELECT * FROM unnest($1::smallint[], $2::text[], $3::timestamptz[],
    $4::smallint[], $5::text[], $6::text[], $7::bytea[], $8::uuid[])
ON CONFLICT (lane, name) DO UPDATE SET due_at = excluded.due_at,
    partition = excluded.partition, type = excluded.type,
    lane_key = excluded.lane_key, value = excluded.value,
    command_id = excluded.command_id
