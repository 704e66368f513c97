-- For a command about a teacher. The last column: the number of the id asked
-- for.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       t.version, t.name, t.email, t.merged_into, t.incarnation, w.which
\ir ../part/teacher_units.sql
 ORDER BY w.which, p.kind, plan.post, o.code
