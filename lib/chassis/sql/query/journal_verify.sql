-- A page of a lane's journal with what the chain needs: the columns of
-- journal_unpublished, then digest and chain.
SELECT j.lane, j.seq, j.incarnation, j.at, j.kind, j.partition, j.type, j.key,
    j.command_id, j.causation, j.code, j.traceparent, j.version,
    coalesce(j.value, p.value), j.actor, j.completes, j.origin,
    j.digest, j.chain
FROM journal j
LEFT JOIN journal_personal p ON p.lane = j.lane AND p.seq = j.seq
WHERE j.lane = $1::smallint AND j.seq > $2::bigint
ORDER BY j.seq LIMIT $3::integer
