INSERT INTO business_account (
    account_id, organization, person_id, role, permissions, status, cause,
    closed_cause, login, name, phone, email, wanted_role, succeeds,
    identity_proven, teacher_version, move_id, applied_at, lapses_at,
    enabled_at, disabled_at, disabled_version, deletion_requested_at,
    deleted_at, settled, open_courses, version, teacher_incarnation
)
SELECT
    account_id, organization, person_id, role, permissions, status, cause,
    closed_cause, nullif(login, ''), nullif(name, ''), nullif(phone, ''),
    nullif(email, ''), wanted_role, succeeds, identity_proven, teacher_version,
    move_id, applied_at, lapses_at, enabled_at, disabled_at, disabled_version,
    deletion_requested_at, deleted_at, settled, open_courses, version,
    teacher_incarnation
FROM (
    SELECT
        unnest($1::uuid[]) AS account_id, unnest($2::text[]) AS organization,
        unnest($3::uuid[]) AS person_id, unnest($4::int2[]) AS role,
        unnest($5::int4[]) AS permissions, unnest($6::int2[]) AS status,
        unnest($7::int2[]) AS cause, unnest($8::int2[]) AS closed_cause,
        unnest($9::text[]) AS login, unnest($10::text[]) AS name,
        unnest($11::text[]) AS phone, unnest($12::text[]) AS email,
        unnest($13::int2[]) AS wanted_role, unnest($14::uuid[]) AS succeeds,
        unnest($15::bool[]) AS identity_proven,
        unnest($16::int8[]) AS teacher_version, unnest($17::uuid[]) AS move_id,
        unnest($18::timestamptz[]) AS applied_at,
        unnest($19::timestamptz[]) AS lapses_at,
        unnest($20::timestamptz[]) AS enabled_at,
        unnest($21::timestamptz[]) AS disabled_at,
        unnest($22::int8[]) AS disabled_version,
        unnest($23::timestamptz[]) AS deletion_requested_at,
        unnest($24::timestamptz[]) AS deleted_at,
        unnest($25::bool[]) AS settled, unnest($26::int4[]) AS open_courses,
        unnest($27::int8[]) AS version,
        unnest($28::int8[]) AS teacher_incarnation
) AS changed
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
