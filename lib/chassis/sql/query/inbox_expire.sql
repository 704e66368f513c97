-- An array, so that the plan of an empty table does not look for the old ones
-- once for each row of a full one.
DELETE FROM inbox
 WHERE command_id = ANY (ARRAY(SELECT command_id FROM inbox
                                WHERE lane = ANY ($1::smallint[])
                                  AND at < $2::timestamptz
                                LIMIT 5000))
