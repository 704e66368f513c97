SELECT count(*), min(course_id::text) FROM v_course WHERE incarnation = -1
