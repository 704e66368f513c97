INSERT INTO v_school_review (
    review_id, version, incarnation, organization, semester,
    reviewer_account_id, reviewed_at, teacher_count
)
SELECT
    unnest($1::text[]), unnest($2::bigint[]), unnest($3::bigint[]),
    unnest($4::text[]), unnest($5::text[]), unnest($6::uuid[]),
    unnest($7::timestamptz[]), unnest($8::integer[])
ON CONFLICT (review_id) DO UPDATE SET
    version = excluded.version, incarnation = excluded.incarnation,
    organization = excluded.organization, semester = excluded.semester,
    reviewer_account_id = excluded.reviewer_account_id,
    reviewed_at = excluded.reviewed_at, teacher_count = excluded.teacher_count
