DELETE FROM timer t USING unnest($1::smallint[], $2::text[]) AS x(lane, name)
WHERE t.lane = x.lane AND t.name = x.name
