SELECT review_id::text, organization::text, version
FROM school_review
WHERE review_id > $1::text
ORDER BY review_id LIMIT $2::integer
