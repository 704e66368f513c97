SELECT
    account_id, version, incarnation, organization, person_id, role,
    permissions, status, cause, closed_cause, login, name, folded, phone, email,
    wanted_role, succeeds, identity_proven, teacher_version, move_id,
    applied_at, lapses_at, enabled_at, disabled_at, deletion_requested_at,
    deleted_at, settled, open_courses, session_floor
FROM v_business_account
WHERE account_id = ANY($1::uuid[])
ORDER BY account_id
