-- $1 ids, $2 names as they were read, $3 their folds; $4 masks, not used. If a
-- name has changed since, the statement that changed it has folded it.
WITH given AS MATERIALIZED (
    SELECT b.account_id, g.name, g.folded
      FROM unnest($1::text[]::uuid[], $2::text[], $3::text[], $4::text[])
           AS g(account_id, name, folded, masked)
      JOIN v_business_account b
        ON b.account_id = g.account_id AND b.name = g.name
     WHERE b.folded <> g.folded
     ORDER BY b.account_id FOR UPDATE OF b
)
UPDATE v_business_account b SET folded = g.folded
  FROM given g WHERE b.account_id = g.account_id
