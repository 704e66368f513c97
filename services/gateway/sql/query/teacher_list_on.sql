-- teacher_list.sql for the teachers of the day $14, with posts that have ended.
-- A separate file, so that the list of today walks its index.
WITH there AS NOT MATERIALIZED (
    SELECT person_id, organization, kind, title, stage, subjects, name, folded,
           version, item, masked_item, account_status, account_id
      FROM v_post
     WHERE since <= $14::date
     UNION ALL
    SELECT person_id, organization, kind, title, stage, subjects, name, folded,
           version, item, masked_item, account_status, account_id
      FROM v_post_past
     WHERE since <= $14::date AND until > $14::date
),
\ir ../part/teacher_list.sql
