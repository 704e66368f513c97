-- Rows that were sent and have no outcome yet.
SELECT count(*), min(row)
  FROM import_row
 WHERE import_id = $1::uuid AND row > $2::integer AND row <= $3::integer
   AND wave = $4::smallint AND state = :ROW_NEW
