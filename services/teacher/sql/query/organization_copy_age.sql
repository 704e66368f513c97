UPDATE organization_copy SET version = 0, incarnation = -1
