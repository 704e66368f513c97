DELETE FROM import_row
 WHERE ctid = ANY (ARRAY(SELECT r.ctid
                           FROM import i
                           JOIN import_row r USING (import_id)
                          WHERE i.created_at < $1::timestamptz
                          LIMIT 5000))
