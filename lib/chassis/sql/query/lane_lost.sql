-- The journal is published again from its first row, and everything that is
-- said from now on is newer than what consumers have (rule 11).
UPDATE lane l SET incarnation = l.incarnation + 1,
    lost_seq = greatest(l.lost_seq, l.published_seq),
    published_seq = least(l.published_seq, coalesce(
        (SELECT j.seq FROM journal j WHERE j.lane = l.lane
          ORDER BY j.seq LIMIT 1), l.seq + 1) - 1)
