-- An array, because the plan made for an empty table would otherwise look for
-- the old rows once for each row of a full one.
DELETE FROM inbox
 WHERE command_id = ANY (ARRAY(SELECT command_id FROM inbox
                                WHERE lane = ANY ($1::smallint[])
                                  AND at < $2::timestamptz
                                LIMIT 5000))
