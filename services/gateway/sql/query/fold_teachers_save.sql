-- $1 ids, $2 names as they were read, $3 their folds, $4 their masks. Posts
-- keep the fold beside them; the masked head and the masked row of the list keep
-- the mask. If a name has changed since, the statement that changed it has
-- folded it.
WITH given AS MATERIALIZED (
    SELECT t.person_id, g.name, g.folded, g.masked
      FROM unnest($1::text[]::uuid[], $2::text[], $3::text[], $4::text[])
           AS g(person_id, name, folded, masked)
      JOIN v_teacher t ON t.person_id = g.person_id AND t.name = g.name
     WHERE t.folded <> g.folded OR t.masked_name <> g.masked
     ORDER BY t.person_id FOR UPDATE OF t
), post AS (
    UPDATE v_post p
       SET folded = g.folded,
           masked_item = post_item(p.person_id, g.masked, true, p.organization,
                                   p.kind, p.title, p.stage, p.unit_note,
                                   p.subjects)
      FROM given g
     WHERE p.person_id = g.person_id
)
UPDATE v_teacher t
   SET folded = g.folded, masked_name = g.masked,
       masked_head = replace(t.masked_head,
                             '"name":' || to_json(t.masked_name)::text,
                             '"name":' || to_json(g.masked)::text)
  FROM given g WHERE t.person_id = g.person_id
