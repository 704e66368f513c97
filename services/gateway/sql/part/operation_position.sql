-- An operation with the position of the read model in its lane; none if the read
-- model is in a later incarnation than the outcome: then it has all there is.
  FROM operation o
  LEFT JOIN lane_input i
    ON i.topic = CASE o.service WHEN 0 THEN 'inservice.account.state.v1'
                                ELSE 'inservice.teacher.state.v1' END
   AND i.lane = o.lane
   AND i.last_incarnation <= o.outcome_incarnation
