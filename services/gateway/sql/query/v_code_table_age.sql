UPDATE v_code_table SET version = 0, incarnation = -1
