-- Of each person asked for a row for each unit where they have a post, primary
-- first; of a person without a post for each unit that has planned one; or one
-- without unit. The last column: which of those asked for.
SELECT t.version, t.head, t.masked_head, t.record, t.merged_into,
       o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       a.account_id, a.status, w.which
  FROM unnest($1::uuid[]) WITH ORDINALITY AS w(person_id, which)
  JOIN v_teacher t ON t.person_id = w.person_id
  LEFT JOIN v_post p ON p.person_id = t.person_id
  LEFT JOIN LATERAL (
       SELECT m.to_organization AS organization, m.post
         FROM v_move m
        WHERE p.person_id IS NULL AND m.person_id = t.person_id
          AND m.to_organization <> ''
          AND m.done_at IS NULL AND m.undone_at IS NULL) plan ON true
  LEFT JOIN v_organization o ON o.code = coalesce(p.organization, plan.organization)
  LEFT JOIN v_teacher_account a
    ON a.person_id = t.person_id AND a.status IN (:ACCOUNT_ACTIVE, :ACCOUNT_DISABLED)
 ORDER BY w.which, p.kind, plan.post, o.code
