SELECT count(*), min(code::text) FROM organization_copy WHERE incarnation = -1
