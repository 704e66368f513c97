-- By hand: open posts, planned ones, then the latest closed ones, at most 40.
-- The order is that of saving: an open post is written before one that opens,
-- so that the unique indexes never have two at once. It is also the order of
-- the index, so no rows are sorted. States below 4 are all except undone ones.
SELECT post.post_id, post.person_id, post.organization, post.kind, post.state,
    post.title, post.stage, post.unit_note, post.subjects, post.since,
    post.until, post.source, post.reason, post.closed_by, post.closed_version
FROM unnest($1::uuid[]) AS wanted (person_id)
CROSS JOIN LATERAL (
    SELECT * FROM post
    WHERE post.person_id = wanted.person_id AND state < :POST_UNDONE
    ORDER BY state, closed_version DESC, post_id LIMIT 40
) AS post
