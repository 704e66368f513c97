INSERT INTO post (
    post_id, person_id, organization, kind, state, title, stage, unit_note,
    subjects, since, until, source, reason, closed_by, closed_version
)
SELECT
    unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]),
    unnest($4::smallint[]), unnest($5::smallint[]), unnest($6::text[]),
    unnest($7::text[]), unnest($8::text[]), unnest($9::text[]),
    unnest($10::date[]), unnest($11::date[]), unnest($12::smallint[]),
    unnest($13::smallint[]), unnest($14::uuid[]), unnest($15::bigint[])
ON CONFLICT (post_id) DO UPDATE SET
    person_id = excluded.person_id, organization = excluded.organization,
    kind = excluded.kind, state = excluded.state, title = excluded.title,
    stage = excluded.stage, unit_note = excluded.unit_note,
    subjects = excluded.subjects, since = excluded.since,
    until = excluded.until, source = excluded.source, reason = excluded.reason,
    closed_by = excluded.closed_by, closed_version = excluded.closed_version
