-- How far the read model is, for waiters of lanes another process owns.
SELECT topic, lane, last_seq, last_incarnation
  FROM lane_input
 WHERE topic = ANY ($1::text[])
