-- The first parked messages of a key, and how many there are.
SELECT parked_id, type, id, reason, count(*) OVER () AS waiting
FROM parked WHERE topic = $1 AND key = $2 AND lane = $3::smallint
ORDER BY parked_id LIMIT 200
