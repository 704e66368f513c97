-- How many records each topic and partition must have received since the
-- topics were made: rows of the present incarnation that were acknowledged.
SELECT j.kind, j.partition, count(*)
FROM journal j
JOIN lane l ON l.lane = j.lane AND l.incarnation = j.incarnation
WHERE j.seq <= l.published_seq
GROUP BY j.kind, j.partition
