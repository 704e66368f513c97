INSERT INTO mail (mail_key, purpose, account_id, account_kind,
                  account_version, address, asked_at, asked_by, state, due_at,
                  attempts)
VALUES ($1::text, $2::smallint, $3::uuid, $4::smallint, $5::bigint, $6::text,
        $7::timestamptz, $8::uuid, 1, $9::timestamptz, 0)
ON CONFLICT (mail_key) DO NOTHING
RETURNING mail_key
