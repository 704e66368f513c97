SELECT parked_id, lane, topic, position, key, type, id, source, traceparent,
    sequence, incarnation, entity_version, at, value, reason
FROM parked WHERE topic = $1 AND key = $2 AND lane = $3::smallint
ORDER BY parked_id LIMIT 200 FOR UPDATE
