UPDATE lane_input SET attempts = 0
WHERE lane = ANY($1::smallint[]) AND topic = ANY($2::text[]) AND attempts > 0
