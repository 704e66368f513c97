DELETE FROM v_business_account WHERE incarnation = -1
