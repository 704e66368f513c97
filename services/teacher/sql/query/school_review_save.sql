INSERT INTO school_review (
    review_id, organization, semester, reviewer_account_id, reviewed_at,
    seen_position, teacher_count, version
)
SELECT
    unnest($1::text[]), unnest($2::text[]), unnest($3::text[]),
    unnest($4::uuid[]), unnest($5::timestamptz[]), unnest($6::bigint[]),
    unnest($7::integer[]), unnest($8::bigint[])
ON CONFLICT (review_id) DO UPDATE SET
    organization = excluded.organization, semester = excluded.semester,
    reviewer_account_id = excluded.reviewer_account_id,
    reviewed_at = excluded.reviewed_at, seen_position = excluded.seen_position,
    teacher_count = excluded.teacher_count, version = excluded.version
