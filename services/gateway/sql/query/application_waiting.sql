-- What speaks against one more application: how many wait at the unit ($1) from
-- this address ($2), how many came under this proof ($3); and whether this very
-- one ($4: its key) was heard before.
SELECT (SELECT count(*) FROM v_application a
         WHERE a.organization = $1::text AND a.status = 2
           AND lower(a.email) = lower($2::text)),
       (SELECT count(*) FROM operation o
         WHERE o.scope = $3::text AND o.receipt AND o.state <> 2),
       EXISTS (SELECT FROM operation o
                WHERE o.scope = $3::text AND o.idempotency_key = $4::text)
