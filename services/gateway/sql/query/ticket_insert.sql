INSERT INTO ticket (token_hash, purpose, account_id, account_kind, created_at,
                    expires_at)
VALUES ($1::bytea, $2::smallint, $3::uuid, $4::smallint, $5::timestamptz,
        $6::timestamptz)
