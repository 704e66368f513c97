SELECT topic, lane, next_offset, last_seq, last_incarnation, attempts, again_before
FROM lane_input WHERE lane = ANY($1::smallint[]) AND topic = ANY($2::text[])
