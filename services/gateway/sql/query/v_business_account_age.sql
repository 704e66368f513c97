UPDATE v_business_account SET version = 0, incarnation = -1
