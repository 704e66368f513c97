INSERT INTO move (
    move_id, person_id, from_organization, to_organization, cause, kind, reason,
    effective_on, ordered_at, done_at, undone_at, settled_version,
    releases_chief
)
SELECT
    unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]),
    unnest($4::text[]), unnest($5::smallint[]), unnest($6::smallint[]),
    unnest($7::smallint[]), unnest($8::date[]), unnest($9::timestamptz[]),
    unnest($10::timestamptz[]), unnest($11::timestamptz[]),
    unnest($12::bigint[]), unnest($13::boolean[])
ON CONFLICT (move_id) DO UPDATE SET
    person_id = excluded.person_id,
    from_organization = excluded.from_organization,
    to_organization = excluded.to_organization, cause = excluded.cause,
    kind = excluded.kind, reason = excluded.reason,
    effective_on = excluded.effective_on, ordered_at = excluded.ordered_at,
    done_at = excluded.done_at, undone_at = excluded.undone_at,
    settled_version = excluded.settled_version,
    releases_chief = excluded.releases_chief
