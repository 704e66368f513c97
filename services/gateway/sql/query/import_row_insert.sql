-- Writes nothing if the import itself was not written.
INSERT INTO import_row (import_id, row, wave, state, lane_key, cells, faults,
       command, warned)
SELECT $1::uuid, x.*
  FROM unnest($2::integer[], $3::smallint[], $4::smallint[], $5::text[],
              $6::text[], $7::text[], $8::bytea[], $9::boolean[])
       AS x
 WHERE EXISTS (SELECT FROM import WHERE import_id = $1::uuid)
