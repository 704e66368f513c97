SELECT count(*), min(code::text) FROM v_organization WHERE incarnation = -1
