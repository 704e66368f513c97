-- $1 codes, $2 names as they were read, $3 their folds; $4 masks, not used. If
-- a name has changed since, the statement that changed it has folded it.
WITH given AS MATERIALIZED (
    SELECT o.code, g.name, g.folded
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
           AS g(code, name, folded, masked)
      JOIN v_organization o ON o.code = g.code AND o.name = g.name
     WHERE o.folded <> g.folded
     ORDER BY o.code FOR UPDATE OF o
)
UPDATE v_organization o SET folded = g.folded
  FROM given g WHERE o.code = g.code
