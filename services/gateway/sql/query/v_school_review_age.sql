UPDATE v_school_review SET version = 0, incarnation = -1
