-- One service's schema and its two roles: the owner, used by `migrate` alone,
-- and the runtime role, which owns nothing and sees no other schema.
-- tools/stack runs it as administrator for each service, once for every `up`;
-- variables: service; from the environment, so that no process list shows
-- them: OWNER_PASSWORD, RUNTIME_PASSWORD. Everything in it may be repeated.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv runtime_password RUNTIME_PASSWORD
SELECT 'inservice_' || :'service' || '_owner' AS owner,
       'inservice_' || :'service' AS runtime,
       current_database() AS database \gset
SET client_min_messages = warning;
-- A statement that fails must not leave a password in the server's log.
SELECT 'SET log_min_error_statement = panic'
 WHERE (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \gexec

SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY[:'owner', :'runtime']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE :"owner" LOGIN PASSWORD :'owner_password';
ALTER ROLE :"runtime" LOGIN PASSWORD :'runtime_password';
-- An administrator who is no superuser must be a member to act for the owner.
SELECT format('GRANT %I TO %I', :'owner', current_user)
 WHERE NOT pg_has_role(current_user, :'owner', 'MEMBER') \gexec

GRANT CONNECT ON DATABASE :"database" TO :"owner", :"runtime";
ALTER ROLE :"owner" IN DATABASE :"database"
    SET search_path = :"service", extensions;
ALTER ROLE :"runtime" IN DATABASE :"database"
    SET search_path = :"service", extensions;

CREATE SCHEMA IF NOT EXISTS :"service" AUTHORIZATION :"owner";
GRANT USAGE ON SCHEMA :"service" TO :"runtime";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"service"
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"runtime";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"service"
    GRANT USAGE ON SEQUENCES TO :"runtime";
