-- By hand: a person's planned moves, then those settled last, at most 40, in the
-- index's order.
SELECT move.move_id, move.person_id, move.from_organization,
    move.to_organization, move.cause, move.kind, move.reason,
    move.effective_on, move.ordered_at, move.done_at, move.undone_at,
    move.settled_version, move.releases_chief
FROM unnest($1::uuid[]) AS wanted (person_id)
CROSS JOIN LATERAL (
    SELECT * FROM move WHERE move.person_id = wanted.person_id
    ORDER BY (settled_version > 0), settled_version DESC, move_id LIMIT 40
) AS move
