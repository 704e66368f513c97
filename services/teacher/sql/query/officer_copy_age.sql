UPDATE officer_copy SET version = 0, incarnation = -1
