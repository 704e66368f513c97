UPDATE import_row r
   SET state = x.state, code = x.code, version = x.version, lane = x.lane,
       state_seq = x.state_seq, decided_at = x.decided_at
  FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::smallint[],
              $5::text[], $6::bigint[], $7::smallint[], $8::bigint[],
              $9::timestamptz[])
    AS x(command_id, import_id, row, state, code, version, lane, state_seq,
         decided_at)
 WHERE r.import_id = x.import_id AND r.row = x.row AND r.state = 4
