-- The teacher with this number, with their school, from the teacher service's
-- state.
SELECT t.person_id, t.version, t.folded, t.masked_head, t.record,
       o.code, o.name, o.kind, o.phone
  FROM identity i
  JOIN v_teacher t ON t.person_id = i.person_id
  LEFT JOIN v_post p ON p.person_id = t.person_id AND p.kind = :POST_PRIMARY
  LEFT JOIN v_organization o ON o.code = p.organization
 WHERE i.number_mac = $1::bytea AND i.state <> :IDENTITY_FREED
   AND t.merged_into IS NULL AND t.name <> ''
