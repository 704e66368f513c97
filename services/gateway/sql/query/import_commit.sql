UPDATE import
   SET state = :IMPORT_COMMITTING, version = version + 1, commit_key = $3::text,
       head = $4::bytea, traceparent = $5::text,
       committed_at = $6::timestamptz, progressed_at = $6::timestamptz
 WHERE import_id = $1::uuid AND version = $2::bigint AND state = :IMPORT_READY
RETURNING version
