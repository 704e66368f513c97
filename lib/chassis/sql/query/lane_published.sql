UPDATE lane l SET published_seq = greatest(l.published_seq, x.published_seq)
FROM unnest($1::smallint[], $2::bigint[]) AS x(lane, published_seq)
WHERE l.lane = x.lane AND l.published_seq < x.published_seq
