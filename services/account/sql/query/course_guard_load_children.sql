SELECT
    course_id, account_id, organization, title, state, course_version
FROM course_guard
WHERE account_id = ANY($1::uuid[])
  AND state NOT IN (8, 9)
ORDER BY account_id, course_id
