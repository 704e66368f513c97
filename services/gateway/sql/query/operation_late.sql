-- Operations accepted in this span of time that still have no outcome.
SELECT operation_id
  FROM operation
 WHERE operation_id > $1::uuid AND operation_id <= $2::uuid
   AND state = :OPERATION_ACCEPTED
 ORDER BY operation_id
 LIMIT $3::integer
