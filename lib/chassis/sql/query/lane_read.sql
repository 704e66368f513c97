SELECT lane, seq, published_seq, incarnation, chain, lost_seq FROM lane
WHERE lane = ANY($1::smallint[]) ORDER BY lane
