SELECT count(*), min(person_id::text) FROM v_teacher WHERE incarnation = -1
