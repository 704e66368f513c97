UPDATE lane_input i SET next_offset = x.next_offset, attempts = 0,
    attempt_offset = -1, tries = 0, tried_offset = -1
FROM (
    SELECT
        unnest($1::text[]) AS topic, unnest($2::smallint[]) AS lane,
        unnest($3::bigint[]) AS next_offset
) AS x
WHERE i.topic = x.topic AND i.lane = x.lane
