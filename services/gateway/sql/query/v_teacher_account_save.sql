INSERT INTO v_teacher_account (
    account_id, version, incarnation, person_id, status, cause, closed_cause,
    login, organization, name, phone, email, source, identity_proven,
    applied_at, lapses_at, enabled_at, disabled_at, session_floor
)
SELECT
    unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::bigint[]),
    unnest($4::uuid[]), unnest($5::smallint[]), unnest($6::smallint[]),
    unnest($7::smallint[]), unnest($8::text[]), unnest($9::text[]),
    unnest($10::text[]), unnest($11::text[]), unnest($12::text[]),
    unnest($13::smallint[]), unnest($14::boolean[]), unnest($15::timestamptz[]),
    unnest($16::timestamptz[]), unnest($17::timestamptz[]),
    unnest($18::timestamptz[]), unnest($19::bigint[])
ON CONFLICT (account_id) DO UPDATE SET
    version = excluded.version, incarnation = excluded.incarnation,
    person_id = excluded.person_id, status = excluded.status,
    cause = excluded.cause, closed_cause = excluded.closed_cause,
    login = excluded.login, organization = excluded.organization,
    name = excluded.name, phone = excluded.phone, email = excluded.email,
    source = excluded.source, identity_proven = excluded.identity_proven,
    applied_at = excluded.applied_at, lapses_at = excluded.lapses_at,
    enabled_at = excluded.enabled_at, disabled_at = excluded.disabled_at,
    session_floor = excluded.session_floor
