-- The oldest first, so that none waits forever.
SELECT import_id
  FROM import
 WHERE state = :IMPORT_COMMITTING
 ORDER BY import_id
 LIMIT 16
