UPDATE import
   SET wave = $2::smallint, settled_to = $3::integer, sent_to = $4::integer,
       progressed_at = $5::timestamptz, attempts = $6::integer
 WHERE import_id = $1::uuid
