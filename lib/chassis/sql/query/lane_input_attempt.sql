INSERT INTO lane_input AS i (topic, lane)
SELECT t.topic, l.lane
FROM unnest($2::text[]) AS t(topic), unnest($1::smallint[]) AS l(lane)
ON CONFLICT (topic, lane) DO UPDATE SET
    attempts = CASE WHEN i.attempt_offset = i.next_offset
                    THEN i.attempts + 1 ELSE 1 END,
    attempt_offset = i.next_offset
