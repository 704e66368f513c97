SELECT topic, lane, position FROM parked ORDER BY parked_id
