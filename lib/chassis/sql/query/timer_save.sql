INSERT INTO timer (lane, name, due_at, partition, type, lane_key, value, command_id)
SELECT unnest($1::smallint[]), unnest($2::text[]), unnest($3::timestamptz[]),
    unnest($4::smallint[]), unnest($5::text[]), unnest($6::text[]),
    unnest($7::bytea[]), unnest($8::uuid[])
ON CONFLICT (lane, name) DO UPDATE SET due_at = excluded.due_at,
    partition = excluded.partition, type = excluded.type,
    lane_key = excluded.lane_key, value = excluded.value,
    command_id = excluded.command_id
