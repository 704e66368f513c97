INSERT INTO move (move_id, person_id, from_organization, to_organization,
    cause, kind, reason, effective_on, ordered_at, done_at, undone_at,
    settled_version)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[],
    $5::smallint[], $6::smallint[], $7::smallint[], $8::date[],
    $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::bigint[])
ON CONFLICT (move_id) DO UPDATE SET
    from_organization = excluded.from_organization,
    done_at = excluded.done_at,
    undone_at = excluded.undone_at,
    settled_version = excluded.settled_version
