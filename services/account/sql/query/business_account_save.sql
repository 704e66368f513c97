INSERT INTO business_account (
    account_id, organization, person_id, role, permissions, status, cause,
    closed_cause, login, name, phone, email, wanted_role, succeeds,
    identity_proven, teacher_version, move_id, applied_at, lapses_at,
    enabled_at, disabled_at, disabled_version, deletion_requested_at,
    deleted_at, settled, open_courses, version
)
SELECT
    account_id, organization, person_id, role, permissions, status, cause,
    closed_cause, nullif(login, ''), nullif(name, ''), nullif(phone, ''),
    nullif(email, ''), wanted_role, succeeds, identity_proven, teacher_version,
    move_id, applied_at, lapses_at, enabled_at, disabled_at, disabled_version,
    deletion_requested_at, deleted_at, settled, open_courses, version
FROM unnest(
    $1::uuid[], $2::text[], $3::uuid[], $4::int2[], $5::int4[], $6::int2[],
    $7::int2[], $8::int2[], $9::text[], $10::text[], $11::text[], $12::text[],
    $13::int2[], $14::uuid[], $15::bool[], $16::int8[], $17::uuid[],
    $18::timestamptz[], $19::timestamptz[], $20::timestamptz[],
    $21::timestamptz[], $22::int8[], $23::timestamptz[], $24::timestamptz[],
    $25::bool[], $26::int4[], $27::int8[]
) AS changed (
    account_id, organization, person_id, role, permissions, status, cause,
    closed_cause, login, name, phone, email, wanted_role, succeeds,
    identity_proven, teacher_version, move_id, applied_at, lapses_at,
    enabled_at, disabled_at, disabled_version, deletion_requested_at,
    deleted_at, settled, open_courses, version
)
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
    open_courses = excluded.open_courses, version = excluded.version
