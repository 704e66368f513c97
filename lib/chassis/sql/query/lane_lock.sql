SELECT lane, seq, incarnation, chain FROM lane
WHERE lane = ANY($1::smallint[]) ORDER BY lane FOR UPDATE
