SELECT
    account_id, version, incarnation, person_id, status, cause, closed_cause,
    login, organization, name, phone, email, source, identity_proven,
    applied_at, lapses_at, enabled_at, disabled_at, session_floor
FROM v_teacher_account
WHERE account_id = ANY($1::uuid[])
ORDER BY account_id
