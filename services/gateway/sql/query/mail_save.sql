-- Due at once; what the mail thread has made of a known wish stays.
INSERT INTO mail (mail_key, purpose, account_id, account_kind,
                  account_version, address, asked_at, state, due_at, attempts)
SELECT x.mail_key, x.purpose, x.account_id, x.account_kind, x.account_version,
       '', x.asked_at, 1, now(), 0
  FROM unnest($1::text[], $2::smallint[], $3::uuid[], $4::smallint[],
              $5::bigint[], $6::timestamptz[])
       AS x(mail_key, purpose, account_id, account_kind, account_version,
            asked_at)
ON CONFLICT (mail_key) DO NOTHING
