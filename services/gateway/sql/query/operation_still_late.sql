SELECT operation_id
  FROM operation
 WHERE operation_id = ANY ($1::uuid[]) AND state = :OPERATION_ACCEPTED
   AND accepted_at > $2::timestamptz AND command IS NOT NULL
