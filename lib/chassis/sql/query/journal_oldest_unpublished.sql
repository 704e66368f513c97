SELECT min(o.at)
FROM lane l
CROSS JOIN LATERAL (
    SELECT j.at FROM journal j
    WHERE j.lane = l.lane AND j.seq > l.published_seq
    ORDER BY j.seq LIMIT 1
) AS o
WHERE l.lane = ANY($1::smallint[])
