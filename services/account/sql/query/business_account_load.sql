SELECT
    account_id, organization, person_id, role, permissions, status, cause,
    closed_cause, login, name, phone, email, wanted_role, succeeds,
    identity_proven, teacher_version, move_id, applied_at, lapses_at,
    enabled_at, disabled_at, disabled_version, deletion_requested_at,
    deleted_at, settled, open_courses, version, teacher_incarnation
FROM business_account
WHERE account_id = ANY($1::uuid[])
ORDER BY account_id
