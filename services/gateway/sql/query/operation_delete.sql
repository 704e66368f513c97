DELETE FROM operation
 WHERE operation_id = ANY (ARRAY(SELECT operation_id
                                   FROM operation
                                  WHERE operation_id <= $1::uuid
                                  ORDER BY operation_id
                                  LIMIT 2000))
