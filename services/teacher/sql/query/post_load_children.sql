-- A person's open posts, planned ones, then the latest closed ones, at most 40.
-- The order is that of saving: an open post is written before one that opens,
-- so that the unique indexes never see two at once.
SELECT post.post_id, post.person_id, post.organization, post.kind, post.state,
    post.title, post.stage, post.unit_note, post.subjects, post.since,
    post.until, post.source, post.reason, post.closed_by, post.closed_version
FROM unnest($1::uuid[]) AS wanted (person_id)
CROSS JOIN LATERAL (
    SELECT * FROM post
    WHERE post.person_id = wanted.person_id AND state IN (1, 2, 3)
    ORDER BY state, closed_version DESC, post_id LIMIT 40
) AS post
ORDER BY post.person_id, post.state, post.closed_version DESC, post.post_id
