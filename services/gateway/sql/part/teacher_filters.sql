-- Filters of the lists of teachers, over a post p; $3 to $6 as in teacher_list.sql.
       AND ($3::text[] IS NULL OR p.organization = ANY ($3::text[]))
       AND ($4::text IS NULL OR p.folded LIKE $4::text)
       AND ($5::smallint[] IS NULL OR p.account_status = ANY ($5::smallint[]))
       AND ($6::text[] IS NULL OR p.title = ANY (ARRAY(
            SELECT s.title FROM v_title_set s
             WHERE s.title_set = ANY ($6::text[]))))
