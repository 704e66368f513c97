DELETE FROM officer_copy WHERE incarnation = -1
