-- For closing an application: the columns that decide the right, and those that
-- the owner asks for. The last column: whether its receipt is still good, as in
-- application_read.
SELECT o.code, o.kind, o.managing_centre, o.parent_code, o.status,
       a.account_kind, a.organization, a.person_id, a.login, a.wanted_role,
       coalesce(a.lapses_at, a.applied_at + interval '30 days')
           + interval '30 days' > now()
  FROM v_application a
\ir ../part/application_units.sql
 WHERE a.account_id = $1::uuid
 ORDER BY u.code = a.organization DESC, u.code
