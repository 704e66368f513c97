SELECT parked_id, lane, topic, key, type, id, reason,
    to_char(parked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM parked ORDER BY parked_id LIMIT 1000
