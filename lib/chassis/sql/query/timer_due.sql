-- Timers of one moment become commands in the order of their names: a name ends
-- in the id of the command that set it, so the one ordered first comes first.
SELECT t.lane, t.name, t.due_at, t.partition, t.type, t.lane_key, t.value,
    t.command_id
FROM timer t
WHERE t.lane = ANY($1::smallint[]) AND t.due_at <= $2::timestamptz
ORDER BY t.lane, t.due_at, t.name LIMIT 100
