INSERT INTO business_account (
    account_id, organization, person_id, role, permissions, status, cause,
    closed_cause, login, name, phone, email, wanted_role, succeeds,
    identity_proven, teacher_version, move_id, applied_at, lapses_at,
    enabled_at, disabled_at, disabled_version, deletion_requested_at,
    deleted_at, settled, open_courses, version, teacher_incarnation
)
SELECT
    unnest($1::uuid[]), unnest($2::text[]), unnest($3::uuid[]),
    unnest($4::smallint[]), unnest($5::integer[]), unnest($6::smallint[]),
    unnest($7::smallint[]), unnest($8::smallint[]), unnest($9::text[]),
    unnest($10::text[]), unnest($11::text[]), unnest($12::text[]),
    unnest($13::smallint[]), unnest($14::uuid[]), unnest($15::boolean[]),
    unnest($16::bigint[]), unnest($17::uuid[]), unnest($18::timestamptz[]),
    unnest($19::timestamptz[]), unnest($20::timestamptz[]),
    unnest($21::timestamptz[]), unnest($22::bigint[]),
    unnest($23::timestamptz[]), unnest($24::timestamptz[]),
    unnest($25::boolean[]), unnest($26::integer[]), unnest($27::bigint[]),
    unnest($28::bigint[])
ON CONFLICT (account_id) DO UPDATE SET
    organization = excluded.organization, person_id = excluded.person_id,
    role = excluded.role, permissions = excluded.permissions,
    status = excluded.status, cause = excluded.cause,
    closed_cause = excluded.closed_cause, login = excluded.login,
    name = excluded.name, phone = excluded.phone, email = excluded.email,
    wanted_role = excluded.wanted_role, succeeds = excluded.succeeds,
    identity_proven = excluded.identity_proven,
    teacher_version = excluded.teacher_version, move_id = excluded.move_id,
    applied_at = excluded.applied_at, lapses_at = excluded.lapses_at,
    enabled_at = excluded.enabled_at, disabled_at = excluded.disabled_at,
    disabled_version = excluded.disabled_version,
    deletion_requested_at = excluded.deletion_requested_at,
    deleted_at = excluded.deleted_at, settled = excluded.settled,
    open_courses = excluded.open_courses, version = excluded.version,
    teacher_incarnation = excluded.teacher_incarnation
