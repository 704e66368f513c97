DELETE FROM v_school_review WHERE incarnation = -1
