SELECT person_id, version, incarnation, name, folded, masked_name, email, sex,
       number_kind, merged_into, ''::text AS document, ''::text AS masked,
       '[]'::text AS posts, '[]'::text AS moves
  FROM v_teacher
 WHERE person_id = ANY ($1::uuid[])
 ORDER BY person_id
