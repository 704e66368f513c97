UPDATE lane_input SET
    tries = CASE WHEN tried_offset = $3::bigint THEN tries + 1 ELSE 1 END,
    tried_offset = $3::bigint
WHERE topic = $1 AND lane = $2::smallint
RETURNING tries
