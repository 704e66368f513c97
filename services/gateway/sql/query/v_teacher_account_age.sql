UPDATE v_teacher_account SET version = 0, incarnation = -1
