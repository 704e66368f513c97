DELETE FROM organization_copy WHERE incarnation = -1
