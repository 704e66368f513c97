SELECT i.topic, i.lane, i.next_offset, i.last_seq, i.last_incarnation
FROM unnest($1::text[], $2::smallint[]) AS w(topic, lane)
JOIN lane_input i ON i.topic = w.topic AND i.lane = w.lane
ORDER BY i.topic, i.lane FOR UPDATE OF i
