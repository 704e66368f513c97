SELECT
    history_key, account_id, incarnation, version, event, at, actor, role,
    permissions, cause, other
FROM account_history
WHERE history_key = ANY($1::text[])
ORDER BY history_key
