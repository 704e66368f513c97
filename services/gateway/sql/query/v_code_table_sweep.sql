DELETE FROM v_code_table WHERE incarnation = -1
