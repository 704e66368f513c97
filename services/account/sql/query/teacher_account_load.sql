SELECT
    account_id, person_id, status, cause, closed_cause, login, organization,
    name, phone, email, source, identity_proven, applied_at, lapses_at,
    enabled_at, disabled_at, teacher_version, version, teacher_incarnation
FROM teacher_account
WHERE account_id = ANY($1::uuid[])
ORDER BY account_id
