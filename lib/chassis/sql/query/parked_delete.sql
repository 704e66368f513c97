DELETE FROM parked WHERE parked_id = ANY($1::bigint[])
