-- One process at a time sends rows of an import; others skip it.
SELECT kind, head, traceparent, wave, settled_to, sent_to, progressed_at,
       attempts
  FROM import
 WHERE import_id = $1::uuid AND state = :IMPORT_COMMITTING
   FOR UPDATE SKIP LOCKED
