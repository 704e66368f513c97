SELECT count(*), min(name::text) FROM v_code_table WHERE incarnation = -1
