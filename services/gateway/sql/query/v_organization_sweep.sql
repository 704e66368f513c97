DELETE FROM v_organization WHERE incarnation = -1
