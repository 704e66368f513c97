-- A position in a lost topic is no position in the new one.
UPDATE parked SET position = -1 WHERE topic = ANY($1::text[])
