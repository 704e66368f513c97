UPDATE lane l SET seq = x.seq, chain = x.chain,
    published_seq = greatest(l.published_seq, x.published_seq)
FROM unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::bytea[])
    AS x(lane, seq, published_seq, chain)
WHERE l.lane = x.lane
