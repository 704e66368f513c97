-- The right password: what this network tried before is forgotten.
DELETE FROM budget
 WHERE name = 'sign_in/' || $1::uuid || '/' || $2::text
