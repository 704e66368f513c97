SELECT row, lane_key, command
  FROM import_row
 WHERE import_id = $1::uuid AND row > $2::integer AND wave = $3::smallint
   AND state = :ROW_NEW
 ORDER BY row
 LIMIT $4::integer
