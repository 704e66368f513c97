SELECT row, state, cells, faults, code, version, decided_at
  FROM import_row
 WHERE import_id = $1::uuid AND row > $2::integer
   AND ($3::smallint[] IS NULL OR state = ANY ($3::smallint[]))
   AND ($5::boolean IS NULL OR warned = $5::boolean)
 ORDER BY row
 LIMIT $4::integer
