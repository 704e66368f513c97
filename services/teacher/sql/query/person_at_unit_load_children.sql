-- By hand: the persons with an open or planned post there, a page of them.
SELECT place.person_id, wanted.organization
FROM unnest($1::text[]) AS wanted (organization)
CROSS JOIN LATERAL (
    SELECT DISTINCT post.person_id FROM post
    WHERE post.organization = wanted.organization
        AND post.state IN (:POST_OPEN, :POST_PLANNED)
    ORDER BY post.person_id LIMIT 200
) AS place
ORDER BY wanted.organization, place.person_id
