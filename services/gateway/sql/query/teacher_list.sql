-- $1 own unit, $2 its kind; $3 units, $4 part of the folded name, $5 statuses,
-- $6 title sets, $7 subjects, $8 stages; NULL: no filter. $9-$11: the row
-- before; $12 count?; $13 rows. The counts are the letter's and count persons
-- (T8): a person with several posts counts by the primary one. Their posts are
-- counted separately: the column is the inside of two JSON members.
WITH there AS NOT MATERIALIZED (
    SELECT * FROM v_post
),
\ir ../part/teacher_list.sql
