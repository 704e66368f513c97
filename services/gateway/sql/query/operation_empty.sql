-- Removes the commands of a span of time; they are not kept longer.
UPDATE operation
   SET command = NULL
 WHERE operation_id > $1::uuid AND operation_id <= $2::uuid
   AND command IS NOT NULL
