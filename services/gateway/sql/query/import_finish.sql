UPDATE import
   SET state = :IMPORT_DONE, version = version + 1, done_at = $2::timestamptz,
       head = NULL
 WHERE import_id = $1::uuid
