DELETE FROM import i
 WHERE i.created_at < $1::timestamptz
   AND NOT EXISTS (SELECT FROM import_row r WHERE r.import_id = i.import_id)
