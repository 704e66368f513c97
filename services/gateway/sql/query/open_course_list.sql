-- The courses of an account that block its deletion (B15).
SELECT course_id, title, state, organization, version
  FROM v_course
 WHERE account_id = $1::uuid AND course_id > $2::text
   AND state NOT IN (:COURSE_STATE_ROSTER_CONFIRMED, :COURSE_STATE_CANCELLED)
 ORDER BY course_id
 LIMIT $3::integer
