INSERT INTO teacher_account (
    account_id, person_id, status, cause, closed_cause, login, organization,
    name, phone, email, source, identity_proven, applied_at, lapses_at,
    enabled_at, disabled_at, teacher_version, version, teacher_incarnation
)
SELECT
    account_id, person_id, status, cause, closed_cause, nullif(login, ''),
    nullif(organization, ''), nullif(name, ''), nullif(phone, ''),
    nullif(email, ''), source, identity_proven, applied_at, lapses_at,
    enabled_at, disabled_at, teacher_version, version, teacher_incarnation
FROM (
    SELECT
        unnest($1::uuid[]) AS account_id, unnest($2::uuid[]) AS person_id,
        unnest($3::int2[]) AS status, unnest($4::int2[]) AS cause,
        unnest($5::int2[]) AS closed_cause, unnest($6::text[]) AS login,
        unnest($7::text[]) AS organization, unnest($8::text[]) AS name,
        unnest($9::text[]) AS phone, unnest($10::text[]) AS email,
        unnest($11::int2[]) AS source, unnest($12::bool[]) AS identity_proven,
        unnest($13::timestamptz[]) AS applied_at,
        unnest($14::timestamptz[]) AS lapses_at,
        unnest($15::timestamptz[]) AS enabled_at,
        unnest($16::timestamptz[]) AS disabled_at,
        unnest($17::int8[]) AS teacher_version, unnest($18::int8[]) AS version,
        unnest($19::int8[]) AS teacher_incarnation
) AS changed
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
