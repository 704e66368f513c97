-- The counts of `matched`, if $12. They are the letter's and count persons (T8): a
-- person with several posts counts by the primary one. Their posts are counted
-- separately: the column is the inside of two JSON members.
       CASE WHEN $12::boolean THEN
            (SELECT teacher_counts(
                        count(*), count(*) FILTER (WHERE c.applied),
                        count(*) FILTER (WHERE c.applied AND c.leading % 2 = 1),
                        coalesce(sum(c.posts), 0)::bigint)
               FROM (SELECT count(*) AS posts,
                            bool_or(m.account_status <> :ACCOUNT_NOT_APPLIED)
                                AS applied,
                            min(m.kind * 2 + (m.title = ANY (ARRAY(
                                SELECT s.title FROM v_title_set s
                                 WHERE s.title_set = 'ADMINISTRATIVE_STAFF')
                                ))::integer) AS leading
                       FROM matched m
                      GROUP BY m.person_id) c) END
