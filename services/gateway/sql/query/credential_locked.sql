-- Whether a login is still locked, from any network ($3 tries) or from all
-- ($4).
SELECT EXISTS (SELECT FROM budget b
                WHERE b.name LIKE 'sign_in/' || $1::uuid || '/%'
                  AND b.ends_at > $2::timestamptz AND b.taken >= $3::integer)
    OR EXISTS (SELECT FROM credential c
                WHERE c.account_id = $1::uuid AND c.tries >= $4::integer
                  AND c.last_try > $2::timestamptz - interval '15 minutes')
