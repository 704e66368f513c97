UPDATE v_course SET version = 0, incarnation = -1
