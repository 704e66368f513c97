UPDATE lane l SET seq = x.seq, chain = x.chain,
    published_seq = greatest(l.published_seq, x.published_seq)
FROM (
    SELECT
        unnest($1::smallint[]) AS lane, unnest($2::bigint[]) AS seq,
        unnest($3::bigint[]) AS published_seq, unnest($4::bytea[]) AS chain
) AS x
WHERE l.lane = x.lane
