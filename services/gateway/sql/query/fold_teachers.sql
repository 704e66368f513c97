-- The names after $1, $2 of them, to be folded again.
SELECT person_id::text, name FROM v_teacher
 WHERE person_id > $1::text::uuid ORDER BY person_id LIMIT $2::integer
