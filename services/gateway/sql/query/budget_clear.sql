-- After the right password: removes this network's earlier tries.
DELETE FROM budget
 WHERE name = 'sign_in/' || $1::uuid || '/' || $2::text
