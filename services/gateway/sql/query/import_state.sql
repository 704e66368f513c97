SELECT state
  FROM import
 WHERE import_id = $1::uuid
