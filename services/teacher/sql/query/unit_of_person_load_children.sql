-- By hand: the units of a person's open posts and latest moves.
SELECT place.person_id, unit.code, unit.kind, unit.status,
    unit.managing_centre, unit.parent_code, unit.merged_into, unit.version, unit.incarnation
FROM (
    SELECT person_id, organization AS code FROM post
    WHERE person_id = ANY($1::uuid[]) AND state IN (:POST_OPEN, :POST_PLANNED)
    UNION
    SELECT move.person_id, end_of.code
    FROM unnest($1::uuid[]) AS wanted (person_id)
    CROSS JOIN LATERAL (
        SELECT * FROM move WHERE move.person_id = wanted.person_id
        ORDER BY (settled_version > 0), settled_version DESC LIMIT 40
    ) AS move
    CROSS JOIN LATERAL (
        VALUES (move.from_organization), (move.to_organization)
    ) AS end_of (code)
) AS place
JOIN organization_copy AS unit ON unit.code = place.code
ORDER BY place.person_id, unit.code
