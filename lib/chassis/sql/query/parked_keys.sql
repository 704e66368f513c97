SELECT DISTINCT topic, key FROM parked WHERE lane = ANY($1::smallint[])
