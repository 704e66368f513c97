SELECT lane, seq, published_seq, incarnation, chain FROM lane
WHERE lane = ANY($1::smallint[]) ORDER BY lane
