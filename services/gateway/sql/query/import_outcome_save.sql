-- By hand: it only updates, and only a row without an outcome.
UPDATE import_row r
   SET state = x.state, code = x.code, version = x.version, lane = x.lane,
       state_seq = x.state_seq, decided_at = x.decided_at,
       state_incarnation = x.state_incarnation
  FROM (
      SELECT
          unnest($1::uuid[]) AS command_id, unnest($2::uuid[]) AS import_id,
          unnest($3::integer[]) AS row, unnest($4::smallint[]) AS state,
          unnest($5::text[]) AS code, unnest($6::bigint[]) AS version,
          unnest($7::smallint[]) AS lane, unnest($8::bigint[]) AS state_seq,
          unnest($9::timestamptz[]) AS decided_at,
          unnest($10::bigint[]) AS state_incarnation
  ) AS x
 WHERE r.import_id = x.import_id AND r.row = x.row AND r.state = :ROW_NEW
