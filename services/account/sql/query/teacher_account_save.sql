INSERT INTO teacher_account (
    account_id, person_id, status, cause, closed_cause, login, organization,
    name, phone, email, source, identity_proven, applied_at, lapses_at,
    enabled_at, disabled_at, teacher_version, version
)
SELECT
    account_id, person_id, status, cause, closed_cause, nullif(login, ''),
    nullif(organization, ''), nullif(name, ''), nullif(phone, ''),
    nullif(email, ''), source, identity_proven, applied_at, lapses_at,
    enabled_at, disabled_at, teacher_version, version
FROM unnest(
    $1::uuid[], $2::uuid[], $3::int2[], $4::int2[], $5::int2[], $6::text[],
    $7::text[], $8::text[], $9::text[], $10::text[], $11::int2[], $12::bool[],
    $13::timestamptz[], $14::timestamptz[], $15::timestamptz[],
    $16::timestamptz[], $17::int8[], $18::int8[]
) AS changed (
    account_id, person_id, status, cause, closed_cause, login, organization,
    name, phone, email, source, identity_proven, applied_at, lapses_at,
    enabled_at, disabled_at, teacher_version, version
)
ON CONFLICT (account_id) DO UPDATE SET
    person_id = excluded.person_id, status = excluded.status,
    cause = excluded.cause, closed_cause = excluded.closed_cause,
    login = excluded.login, organization = excluded.organization,
    name = excluded.name, phone = excluded.phone, email = excluded.email,
    source = excluded.source, identity_proven = excluded.identity_proven,
    applied_at = excluded.applied_at, lapses_at = excluded.lapses_at,
    enabled_at = excluded.enabled_at, disabled_at = excluded.disabled_at,
    teacher_version = excluded.teacher_version, version = excluded.version
