SELECT count(*), min(account_id::text) FROM officer_copy WHERE incarnation = -1
