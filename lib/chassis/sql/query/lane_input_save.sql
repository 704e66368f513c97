UPDATE lane_input i SET next_offset = x.next_offset, last_seq = x.last_seq,
    last_incarnation = x.last_incarnation
FROM unnest($1::text[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[])
    AS x(topic, lane, next_offset, last_seq, last_incarnation)
WHERE i.topic = x.topic AND i.lane = x.lane
