-- Whether the read model has applied the effects of the rows. A position of a
-- later incarnation is after every state of an earlier one (rule 11).
SELECT coalesce(bool_and(coalesce(i.last_seq, -1) >= done.state_seq
                         OR i.last_incarnation > done.state_incarnation), true)
  FROM (SELECT lane, state_incarnation, max(state_seq) AS state_seq
          FROM import_row
         WHERE import_id = $1::uuid AND state = :ROW_DONE
         GROUP BY lane, state_incarnation) AS done
  LEFT JOIN lane_input i ON i.topic = $2::text AND i.lane = done.lane
