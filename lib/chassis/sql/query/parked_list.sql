SELECT parked_id, lane, topic, key, type, id, reason, parked_at
FROM parked ORDER BY parked_id LIMIT 1000
