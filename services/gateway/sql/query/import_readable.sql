-- Whether the read model has applied the effects of the rows.
SELECT coalesce(bool_and(coalesce(i.last_seq, -1) >= done.state_seq), true)
  FROM (SELECT lane, max(state_seq) AS state_seq
          FROM import_row
         WHERE import_id = $1::uuid AND state = :ROW_DONE
         GROUP BY lane) AS done
  LEFT JOIN lane_input i ON i.topic = $2::text AND i.lane = done.lane
