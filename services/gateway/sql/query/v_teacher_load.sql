-- By hand: the large columns are not read; each state brings them.
SELECT person_id, version, incarnation, name, folded, masked_name, email, sex,
       number_kind, merged_into, ''::text AS head, ''::text AS masked_head,
       record, NULL::text AS posts, NULL::text AS moves, confirmed_semester
  FROM v_teacher
 WHERE person_id = ANY ($1::uuid[])
 ORDER BY person_id
