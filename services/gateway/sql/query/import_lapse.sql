-- The owner does not keep command ids forever (rule 6).
UPDATE import
   SET state = :IMPORT_LAPSED, version = version + 1, done_at = $1::timestamptz,
       head = NULL
 WHERE state = :IMPORT_COMMITTING AND committed_at < $2::timestamptz
