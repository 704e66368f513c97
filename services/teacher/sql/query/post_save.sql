INSERT INTO post (post_id, person_id, organization, kind, state, title,
    stage, unit_note, subjects, since, until, source, reason, closed_by,
    closed_version)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[],
    $5::smallint[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::date[], $11::date[], $12::smallint[], $13::smallint[], $14::uuid[],
    $15::bigint[])
ON CONFLICT (post_id) DO UPDATE SET
    state = excluded.state,
    title = excluded.title,
    stage = excluded.stage,
    unit_note = excluded.unit_note,
    subjects = excluded.subjects,
    since = excluded.since,
    until = excluded.until,
    reason = excluded.reason,
    closed_by = excluded.closed_by,
    closed_version = excluded.closed_version
