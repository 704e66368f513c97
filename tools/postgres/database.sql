-- The database itself, its extensions and collation. tools/stack runs it as
-- administrator, once for every `up`; everything in it may be repeated.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
CREATE SCHEMA IF NOT EXISTS extensions;
GRANT USAGE ON SCHEMA extensions TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;
-- Lists of names sort as people in Taiwan expect: by strokes.
CREATE COLLATION IF NOT EXISTS extensions.zh_stroke
    (provider = icu, locale = 'zh-Hant-u-co-stroke');
