DELETE FROM v_teacher_account WHERE incarnation = -1
