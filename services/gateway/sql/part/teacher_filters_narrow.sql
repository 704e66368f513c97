-- All filters, over the narrow columns of a post p. Subjects and stage stand in the
-- row only; they are looked at last.
\ir ../part/teacher_filters.sql
       AND ($7::text[] IS NULL AND $8::text[] IS NULL OR EXISTS (
            SELECT FROM v_post d
             WHERE d.person_id = p.person_id
               AND d.organization = p.organization
               AND ($7::text[] IS NULL OR d.subjects && $7::text[])
               AND ($8::text[] IS NULL OR d.stage = ANY ($8::text[]))))
