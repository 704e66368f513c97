-- The reviews of a unit, the latest semester first (T6).
SELECT r.semester, a.name, r.reviewed_at, r.teacher_count
  FROM v_school_review r
  LEFT JOIN v_business_account a ON a.account_id = r.reviewer_account_id
 WHERE r.organization = $1::text
 ORDER BY r.semester DESC
 LIMIT 40
