INSERT INTO v_business_account (
    account_id, version, incarnation, organization, person_id, role,
    permissions, status, cause, closed_cause, login, name, folded, phone, email,
    wanted_role, succeeds, identity_proven, teacher_version, move_id,
    applied_at, lapses_at, enabled_at, disabled_at, deletion_requested_at,
    deleted_at, settled, open_courses, session_floor
)
SELECT
    unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::bigint[]),
    unnest($4::text[]), unnest($5::uuid[]), unnest($6::smallint[]),
    unnest($7::integer[]), unnest($8::smallint[]), unnest($9::smallint[]),
    unnest($10::smallint[]), unnest($11::text[]), unnest($12::text[]),
    unnest($13::text[]), unnest($14::text[]), unnest($15::text[]),
    unnest($16::smallint[]), unnest($17::uuid[]), unnest($18::boolean[]),
    unnest($19::bigint[]), unnest($20::uuid[]), unnest($21::timestamptz[]),
    unnest($22::timestamptz[]), unnest($23::timestamptz[]),
    unnest($24::timestamptz[]), unnest($25::timestamptz[]),
    unnest($26::timestamptz[]), unnest($27::boolean[]), unnest($28::integer[]),
    unnest($29::bigint[])
ON CONFLICT (account_id) DO UPDATE SET
    version = excluded.version, incarnation = excluded.incarnation,
    organization = excluded.organization, person_id = excluded.person_id,
    role = excluded.role, permissions = excluded.permissions,
    status = excluded.status, cause = excluded.cause,
    closed_cause = excluded.closed_cause, login = excluded.login,
    name = excluded.name, folded = excluded.folded, phone = excluded.phone,
    email = excluded.email, wanted_role = excluded.wanted_role,
    succeeds = excluded.succeeds, identity_proven = excluded.identity_proven,
    teacher_version = excluded.teacher_version, move_id = excluded.move_id,
    applied_at = excluded.applied_at, lapses_at = excluded.lapses_at,
    enabled_at = excluded.enabled_at, disabled_at = excluded.disabled_at,
    deletion_requested_at = excluded.deletion_requested_at,
    deleted_at = excluded.deleted_at, settled = excluded.settled,
    open_courses = excluded.open_courses,
    session_floor = excluded.session_floor
