-- A page of rows that were published before the topics were lost. The last
-- column: whether the new topics need the row; $5 has the oldest time by kind.
-- A row whose personal bytes were deleted is not needed: it would look like a
-- tombstone.
SELECT j.lane, j.seq, j.incarnation, j.at, j.kind, j.partition, j.type, j.key,
    j.command_id, j.causation, j.code, j.traceparent, j.version,
    CASE WHEN w.wanted THEN coalesce(j.value, p.value) END, j.actor, j.completes,
    j.origin, w.wanted
FROM journal j
LEFT JOIN journal_personal p ON p.lane = j.lane AND p.seq = j.seq
CROSS JOIN LATERAL (
    SELECT j.at >= ($5::timestamptz[])[j.kind + 1]
        AND (j.digest IS NULL OR p.value IS NOT NULL) AS wanted
) AS w
WHERE j.lane = $1::smallint AND j.seq > $2::bigint AND j.seq <= $4::bigint
ORDER BY j.seq LIMIT $3::integer
