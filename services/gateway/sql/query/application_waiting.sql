-- How many applications of this mailbox ($2) wait at the unit ($1), and whether
-- this very one ($3, $4: its scope and key) was accepted before, and its
-- refusal.
SELECT (SELECT count(*) FROM v_application a
         WHERE a.organization = $1::text AND a.status = :ACCOUNT_PENDING
           AND lower(a.email) = lower($2::text)),
       o.operation_id IS NOT NULL, o.code
  FROM (SELECT) one
  LEFT JOIN operation o
    ON o.scope = $3::text AND o.idempotency_key = $4::text
