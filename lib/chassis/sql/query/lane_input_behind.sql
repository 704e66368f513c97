-- How many records of a topic are left before these positions.
SELECT coalesce(sum(w.wanted - coalesce(i.next_offset, 0)), 0)::bigint
FROM (
    SELECT unnest($1::smallint[]) AS lane, unnest($2::bigint[]) AS wanted
) AS w
LEFT JOIN lane_input i ON i.topic = $3 AND i.lane = w.lane
WHERE w.wanted > coalesce(i.next_offset, 0)
