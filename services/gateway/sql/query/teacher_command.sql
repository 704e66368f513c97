-- What a command about a teacher needs. The last column: which of those asked
-- for.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       t.version, t.name, t.email, t.merged_into, t.incarnation, w.which
\ir ../part/teacher_units.sql
 ORDER BY w.which, p.kind, plan.post, o.code
