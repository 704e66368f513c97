UPDATE lane_input i SET again_before = x.again_before
FROM (
    SELECT
        unnest($2::smallint[]) AS lane, unnest($3::bigint[]) AS again_before
) AS x
WHERE i.topic = $1 AND i.lane = x.lane
