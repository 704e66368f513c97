SELECT state, code, version, outcome
  FROM operation
 WHERE operation_id = $1::uuid
