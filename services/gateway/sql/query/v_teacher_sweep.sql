-- By hand: the posts and moves of a swept teacher are deleted, too, and those
-- without a teacher.
WITH gone AS (
    DELETE FROM v_teacher WHERE incarnation = -1 RETURNING person_id
), post_gone AS (
    DELETE FROM v_post v
     WHERE NOT EXISTS (SELECT FROM v_teacher t
                        WHERE t.person_id = v.person_id
                          AND t.incarnation <> -1)
)
DELETE FROM v_move v
 WHERE NOT EXISTS (SELECT FROM v_teacher t
                    WHERE t.person_id = v.person_id AND t.incarnation <> -1)
