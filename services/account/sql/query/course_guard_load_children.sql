-- By hand: only open courses are wanted.
SELECT
    course_id, account_id, organization, title, state, course_version
FROM course_guard
WHERE account_id = ANY($1::uuid[])
  AND state NOT IN (:COURSE_STATE_ROSTER_CONFIRMED,
                     :COURSE_STATE_CANCELLED)
ORDER BY account_id, course_id
