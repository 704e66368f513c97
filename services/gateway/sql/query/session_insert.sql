INSERT INTO session (token_hash, account_id, account_kind, account_version,
                     level, auth_time, seen_at, expires_at)
VALUES ($1::bytea, $2::uuid, $3::smallint, $4::bigint, 2, $5::timestamptz,
        $5::timestamptz, $6::timestamptz)
