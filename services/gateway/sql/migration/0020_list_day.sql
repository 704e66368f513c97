-- Lists of a day of many units are read in the list's order until the page is full:
-- the posts of today by v_post_name, which now holds the columns of the filters, as
-- v_post_title does, and posts that have ended by v_teacher_name and v_move_ended.
DROP INDEX v_post_name;
CREATE INDEX v_post_name ON v_post (name, person_id, organization)
    INCLUDE (folded, kind, title, account_status, since);
DROP INDEX v_post_title;
CREATE INDEX v_post_title ON v_post (title, name, person_id, organization)
    INCLUDE (folded, kind, account_status);
CREATE INDEX v_teacher_name ON v_teacher (name, person_id) INCLUDE (folded);
CREATE INDEX v_move_ended ON v_move (person_id, effective_on)
    WHERE from_organization <> '' AND done_at IS NOT NULL
      AND undone_at IS NULL;
