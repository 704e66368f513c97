DELETE FROM inbox WHERE command_id IN (
    SELECT command_id FROM inbox
    WHERE lane = ANY($1::smallint[]) AND at < $2::timestamptz LIMIT 5000)
