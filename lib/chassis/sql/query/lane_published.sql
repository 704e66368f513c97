UPDATE lane l SET published_seq = greatest(l.published_seq, x.published_seq)
FROM (
    SELECT
        unnest($1::smallint[]) AS lane, unnest($2::bigint[]) AS published_seq
) AS x
WHERE l.lane = x.lane AND l.published_seq < x.published_seq
