DELETE FROM import_row r
 USING (SELECT old.import_id, old.row
          FROM import i
          JOIN import_row old USING (import_id)
         WHERE i.created_at < $1::timestamptz
         LIMIT 5000) AS d
 WHERE r.import_id = d.import_id AND r.row = d.row
