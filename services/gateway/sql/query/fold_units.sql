-- The names after $1, $2 of them, to be folded again.
SELECT code, name FROM v_organization
 WHERE code > $1::text ORDER BY code LIMIT $2::integer
