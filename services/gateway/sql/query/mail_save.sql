-- By hand: a new wish is due at once; a known one stays as the mail thread has
-- left it.
INSERT INTO mail (mail_key, purpose, account_id, account_kind,
                  account_version, address, asked_at, state, due_at, attempts)
SELECT x.mail_key, x.purpose, x.account_id, x.account_kind, x.account_version,
       '', x.asked_at, 1, now(), 0
  FROM (
      SELECT
          unnest($1::text[]) AS mail_key, unnest($2::smallint[]) AS purpose,
          unnest($3::uuid[]) AS account_id,
          unnest($4::smallint[]) AS account_kind,
          unnest($5::bigint[]) AS account_version,
          unnest($6::timestamptz[]) AS asked_at
  ) AS x
ON CONFLICT (mail_key) DO NOTHING
