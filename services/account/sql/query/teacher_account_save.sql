INSERT INTO teacher_account (
    account_id, person_id, status, cause, closed_cause, login, organization,
    name, phone, email, source, identity_proven, applied_at, lapses_at,
    enabled_at, disabled_at, teacher_version, version, teacher_incarnation
)
SELECT
    unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::smallint[]),
    unnest($4::smallint[]), unnest($5::smallint[]), unnest($6::text[]),
    unnest($7::text[]), unnest($8::text[]), unnest($9::text[]),
    unnest($10::text[]), unnest($11::smallint[]), unnest($12::boolean[]),
    unnest($13::timestamptz[]), unnest($14::timestamptz[]),
    unnest($15::timestamptz[]), unnest($16::timestamptz[]),
    unnest($17::bigint[]), unnest($18::bigint[]), unnest($19::bigint[])
ON CONFLICT (account_id) DO UPDATE SET
    person_id = excluded.person_id, status = excluded.status,
    cause = excluded.cause, closed_cause = excluded.closed_cause,
    login = excluded.login, organization = excluded.organization,
    name = excluded.name, phone = excluded.phone, email = excluded.email,
    source = excluded.source, identity_proven = excluded.identity_proven,
    applied_at = excluded.applied_at, lapses_at = excluded.lapses_at,
    enabled_at = excluded.enabled_at, disabled_at = excluded.disabled_at,
    teacher_version = excluded.teacher_version, version = excluded.version,
    teacher_incarnation = excluded.teacher_incarnation
