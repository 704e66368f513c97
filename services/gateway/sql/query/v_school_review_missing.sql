SELECT count(*), min(review_id::text) FROM v_school_review WHERE incarnation = -1
