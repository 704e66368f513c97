-- expands: builds before this one call the same function, and read rows of the
-- same form. T7: a unit's note about a teacher stays with the unit. The masked
-- row of the list, which other units read, has none. Otherwise as it was.
CREATE OR REPLACE FUNCTION post_item(person_id uuid, name text, masked boolean,
                          organization text, kind smallint, title text,
                          stage text, unit_note text, subjects text[])
    RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN format('{"id":"%s","name":%s,"masked":%s,"organization":%s,'
                  '"post":%s,"title":%s,"stage":%s,"unitNote":%s,"subjects":%s',
        person_id, coalesce(to_json(nullif(name, ''))::text, 'null'),
        CASE WHEN masked THEN 'true' ELSE 'false' END, to_json(organization),
        CASE kind WHEN 1 THEN '"PRIMARY"' WHEN 2 THEN '"SECONDARY"'
                  ELSE 'null' END,
        coalesce(to_json(nullif(title, ''))::text, 'null'),
        coalesce(to_json(nullif(stage, ''))::text, 'null'),
        CASE WHEN masked THEN 'null'
             ELSE coalesce(to_json(nullif(unit_note, ''))::text, 'null') END,
        to_json(subjects));

UPDATE v_post p
   SET masked_item = post_item(p.person_id, t.masked_name, true,
                               p.organization, p.kind, p.title, p.stage,
                               p.unit_note, p.subjects)
  FROM v_teacher t
 WHERE t.person_id = p.person_id AND p.unit_note <> '';
