SELECT count(*), min(account_id::text) FROM v_business_account WHERE incarnation = -1
