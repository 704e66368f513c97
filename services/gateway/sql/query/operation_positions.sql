-- The position of the read model, for waiters of lanes that another process
-- owns.
SELECT topic, lane, last_seq, last_incarnation
  FROM lane_input
 WHERE topic = ANY ($1::text[])
