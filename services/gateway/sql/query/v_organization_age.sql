UPDATE v_organization SET version = 0, incarnation = -1
