UPDATE lane_input i SET next_offset = x.next_offset, last_seq = x.last_seq,
    last_incarnation = x.last_incarnation
FROM (
    SELECT
        unnest($1::text[]) AS topic, unnest($2::smallint[]) AS lane,
        unnest($3::bigint[]) AS next_offset, unnest($4::bigint[]) AS last_seq,
        unnest($5::bigint[]) AS last_incarnation
) AS x
WHERE i.topic = x.topic AND i.lane = x.lane
