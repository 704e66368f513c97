-- Moves into or out of the units within reach, the latest first. $1 own unit,
-- $2 its kind; $3 "in", "out" or NULL; $4 "planned", "done", "undone",
-- "conflict" or NULL; $5 units or NULL. $6, $7: the row before; $8 rows. A
-- conflict: the claim of a sign-in moved the teacher against the last entry
-- (S2). The record's version is shown to those who may read the record.
SELECT m.move_id, m.person_id, t.name, t.masked_name,
       CASE WHEN EXISTS (
            SELECT FROM v_post p JOIN v_organization o ON o.code = p.organization
             WHERE p.person_id = m.person_id
               AND unit_reach(o.code, o.kind, o.managing_centre, o.parent_code,
                              $1::text, $2::smallint) > 0)
            OR (into_.reach > 0 AND m.done_at IS NULL AND m.undone_at IS NULL
                AND NOT EXISTS (SELECT FROM v_post p
                                 WHERE p.person_id = m.person_id))
            THEN t.version END,
       m.from_organization, f.name, m.to_organization, i.name,
       m.cause, m.post, m.reason, m.effective_on, m.ordered_at, m.done_at,
       m.undone_at,
       greatest(coalesce(out.reach, 0), coalesce(into_.reach, 0))::smallint,
       (coalesce(out.reach, 0) = :REACH_OWN OR coalesce(into_.reach, 0) = :REACH_OWN) AS own
  FROM v_move m
  JOIN v_teacher t USING (person_id)
  LEFT JOIN v_organization f ON f.code = m.from_organization
  LEFT JOIN v_organization i ON i.code = m.to_organization
 CROSS JOIN LATERAL (
       SELECT unit_reach(f.code, f.kind, f.managing_centre, f.parent_code,
                         $1::text, $2::smallint) AS reach) out
 CROSS JOIN LATERAL (
       SELECT unit_reach(i.code, i.kind, i.managing_centre, i.parent_code,
                         $1::text, $2::smallint) AS reach) into_
 WHERE (($3::text IS DISTINCT FROM 'in' AND out.reach > 0
         AND ($5::text[] IS NULL OR m.from_organization = ANY ($5::text[])))
        OR ($3::text IS DISTINCT FROM 'out' AND into_.reach > 0
            AND ($5::text[] IS NULL OR m.to_organization = ANY ($5::text[]))))
   AND ($5::text[] IS NULL OR m.from_organization = ANY ($5::text[])
        OR m.to_organization = ANY ($5::text[])) -- repeated for the indexes
   AND CASE $4::text
       WHEN 'planned' THEN m.done_at IS NULL AND m.undone_at IS NULL
       WHEN 'done' THEN m.done_at IS NOT NULL AND m.undone_at IS NULL
       WHEN 'undone' THEN m.undone_at IS NOT NULL
       WHEN 'conflict' THEN m.cause = :MOVE_CLAIM AND m.undone_at IS NULL
       ELSE true END
   AND (m.ordered_at, m.move_id) < ($6::timestamptz, $7::uuid)
 ORDER BY m.ordered_at DESC, m.move_id DESC
 LIMIT $8::integer
