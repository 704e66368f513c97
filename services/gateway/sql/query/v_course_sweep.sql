DELETE FROM v_course WHERE incarnation = -1
