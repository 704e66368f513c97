SELECT count(*), min(account_id::text) FROM v_teacher_account WHERE incarnation = -1
