SELECT
    review_id, version, incarnation, organization, semester,
    reviewer_account_id, reviewed_at, teacher_count
FROM v_school_review
WHERE review_id = ANY($1::text[])
ORDER BY review_id
