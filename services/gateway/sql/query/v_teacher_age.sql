-- By hand: an erased row (T13) only marks its id as used. No state will name it
-- again, so it does not age.
UPDATE v_teacher SET version = 0, incarnation = -1 WHERE head <> ''
