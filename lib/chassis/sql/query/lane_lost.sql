-- The journal is published again from its first row, and everything that is
-- said from now on is newer than what consumers have (rule 11). The incarnation
-- is higher than any before, see lane_new_incarnation.sql.
UPDATE lane l SET
    incarnation = greatest(l.incarnation + 1, extract(epoch FROM now())::bigint),
    lost_seq = greatest(l.lost_seq, l.published_seq),
    published_seq = least(l.published_seq, coalesce(
        (SELECT j.seq FROM journal j WHERE j.lane = l.lane
          ORDER BY j.seq LIMIT 1), l.seq + 1) - 1)
