SELECT
    review_id, organization, semester, reviewer_account_id, reviewed_at,
    seen_position, teacher_count, version
FROM school_review
WHERE review_id = ANY($1::text[])
ORDER BY review_id
