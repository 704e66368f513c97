-- How many journal rows are not acknowledged before these sequences.
SELECT coalesce(sum(w.wanted - l.published_seq), 0)::bigint
FROM (
    SELECT unnest($1::smallint[]) AS lane, unnest($2::bigint[]) AS wanted
) AS w
JOIN lane l ON l.lane = w.lane
WHERE w.wanted > l.published_seq
