-- The database's rights, extensions and collation; each service's schema and its
-- two roles: the owner, used by `migrate` alone, and the run-time role, which
-- owns nothing and sees no other schema. Plain SQL for an administrator; passwords
-- are set apart. Everything in it may be repeated.
SET client_min_messages = warning;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;
-- Lists of names sort as people in Taiwan expect: by strokes.
CREATE COLLATION IF NOT EXISTS extensions.zh_stroke
    (provider = icu, locale = 'zh-Hant-u-co-stroke');

DO $$
DECLARE
    service text;
    owner text;
    runtime text;
    role text;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    FOREACH service IN ARRAY ARRAY['account', 'teacher', 'gateway'] LOOP
        runtime := 'inservice_' || service;
        owner := runtime || '_owner';
        FOREACH role IN ARRAY ARRAY[owner, runtime] LOOP
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
                EXECUTE format('CREATE ROLE %I', role);
            END IF;
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I',
                           current_database(), role);
            -- For people with psql; the programs name the schema themselves.
            EXECUTE format('ALTER ROLE %I IN DATABASE %I SET search_path = '
                           '%I, extensions', role, current_database(), service);
        END LOOP;
        -- An administrator who is no superuser must be a member to act for
        -- the owner.
        IF NOT pg_has_role(current_user, owner, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', owner, current_user);
        END IF;
        EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I',
                       service, owner);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', service, runtime);
        EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I '
                       'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I',
                       owner, service, runtime);
        EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I '
                       'GRANT USAGE ON SEQUENCES TO %I',
                       owner, service, runtime);
    END LOOP;
END $$;
