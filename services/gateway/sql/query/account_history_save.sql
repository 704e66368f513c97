INSERT INTO account_history (
    history_key, account_id, incarnation, version, event, at, actor, role,
    permissions, cause, other
)
SELECT
    unnest($1::text[]), unnest($2::uuid[]), unnest($3::bigint[]),
    unnest($4::bigint[]), unnest($5::smallint[]), unnest($6::timestamptz[]),
    unnest($7::uuid[]), unnest($8::smallint[]), unnest($9::integer[]),
    unnest($10::smallint[]), unnest($11::uuid[])
ON CONFLICT (history_key) DO UPDATE SET
    account_id = excluded.account_id, incarnation = excluded.incarnation,
    version = excluded.version, event = excluded.event, at = excluded.at,
    actor = excluded.actor, role = excluded.role,
    permissions = excluded.permissions, cause = excluded.cause,
    other = excluded.other
