-- The courses that stand in the way of a deletion (B15), of one account.
SELECT course_id, title, state, organization, version
  FROM v_course
 WHERE account_id = $1::uuid AND course_id > $2::text
   AND state NOT IN (:COURSE_STATE_ROSTER_CONFIRMED, :COURSE_STATE_CANCELLED)
 ORDER BY course_id
 LIMIT $3::integer
