SELECT i.topic, i.lane, i.next_offset, i.last_seq, i.last_incarnation
FROM (
    SELECT
        unnest($1::text[]) AS topic, unnest($2::smallint[]) AS lane
) AS w
JOIN lane_input i ON i.topic = w.topic AND i.lane = w.lane
ORDER BY i.topic, i.lane FOR UPDATE OF i
