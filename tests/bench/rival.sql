-- The rival's tables: the teacher service's own, from its migrations, in the
-- schema `bench`, with the same rows. Called by bench.py after fill.sql, as
-- administrator. Every client has its own lane row, so no client waits for it.
--   migrations    a file that includes every migration of the lane and the service
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET search_path = bench, extensions;
ALTER TABLE teacher RENAME TO person; -- the filler's
\i :migrations
INSERT INTO lane (lane) SELECT generate_series(0, 63);
INSERT INTO lane_input (topic, lane)
SELECT 'inservice.teacher.command.v1', lane FROM lane;
SET synchronous_commit = off;
INSERT INTO bench.teacher SELECT * FROM teacher.teacher ORDER BY person_id;
INSERT INTO bench.post SELECT * FROM teacher.post ORDER BY person_id;
INSERT INTO bench.move SELECT * FROM teacher.move ORDER BY person_id;
ANALYZE;
