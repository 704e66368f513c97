-- An operation with the position of the read model in its lane.
  FROM operation o
  LEFT JOIN lane_input i
    ON i.topic = CASE o.service WHEN 0 THEN 'inservice.account.state.v1'
                                ELSE 'inservice.teacher.state.v1' END
   AND i.lane = o.lane
