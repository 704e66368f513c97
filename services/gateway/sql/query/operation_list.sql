-- The caller's own operations, newest first; $2: the last of the page before,
-- or NULL.
SELECT operation_id, type, subject, location, state, code, version,
       accepted_at, decided_at
  FROM operation
 WHERE scope = $1::text
   AND operation_id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
 ORDER BY operation_id DESC
 LIMIT $3::integer
