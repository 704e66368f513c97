-- An erased one (T13) is the mark that its id was used: nobody says it again.
UPDATE v_teacher SET version = 0, incarnation = -1 WHERE head <> ''
