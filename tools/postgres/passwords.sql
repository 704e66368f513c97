-- The passwords of one service's roles. tools/stack runs it as administrator
-- for each service, once for every `up`; variables: service; from the
-- environment, so that no process list shows them: OWNER_PASSWORD,
-- RUNTIME_PASSWORD.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv runtime_password RUNTIME_PASSWORD
SELECT 'inservice_' || :'service' || '_owner' AS owner,
       'inservice_' || :'service' AS runtime \gset
-- A statement that fails must not leave a password in the server's log.
SELECT 'SET log_min_error_statement = panic'
 WHERE (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \gexec
ALTER ROLE :"owner" LOGIN PASSWORD :'owner_password';
ALTER ROLE :"runtime" LOGIN PASSWORD :'runtime_password';
