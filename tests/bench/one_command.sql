-- One UpdateTeacher in one transaction, straight in PostgreSQL. A pgbench
-- script that writes the rows which the lane writes for it: the aggregate, its
-- child, inbox with outcome, two journal rows (event, and the state that answers
-- with its personal part), lane and lane_input. Ids grow as UUIDv7 do. The sizes
-- of the values (event, state, outcome) come from rows that the service has
-- written.
\set i random(0, :teachers - 1)
\set n random(1, 1000000000)
BEGIN;
SELECT t.person_id, t.number_sealed, t.number_kind, t.name, t.sex, t.email, t.version, (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000000)::bigint), 16, '0') || lpad(to_hex(:n::bigint), 16, '0'))::uuid AS id FROM bench.teacher t WHERE t.person_id = bench.id('person', :i) FOR UPDATE \gset
SELECT p.* FROM bench.post p WHERE p.person_id = bench.id('person', :i) AND p.state < 4 ORDER BY p.state, p.closed_version DESC, p.post_id LIMIT 40;
UPDATE bench.teacher SET email = 'teacher' || :n || '@example.tw', version = version + 1 WHERE person_id = bench.id('person', :i);
UPDATE bench.post SET unit_note = 'note ' || :n WHERE post_id = bench.id('post', :i);
UPDATE bench.lane SET seq = seq + 2, published_seq = seq, chain = sha256(chain) WHERE lane = :client_id RETURNING seq AS seq \gset
INSERT INTO bench.inbox (command_id, lane, at, outcome) VALUES (:id::uuid, :client_id, now(), repeat('o', :outcome)::bytea);
INSERT INTO bench.journal (lane, seq, incarnation, at, kind, partition, type, key, command_id, causation, actor, code, version, value, digest, chain, completes) VALUES (:client_id, :seq - 1, 1, now(), 2, :client_id, 'inservice.teacher.v1.TeacherUpdated', bench.id('person', :i)::text, :id::uuid, :id::text, bench.id('officer', :i), NULL, 2, repeat('e', :event)::bytea, NULL, sha256('1'), NULL), (:client_id, :seq, 1, now(), 3, :client_id, 'inservice.teacher.v1.TeacherState', bench.id('person', :i)::text, :id::uuid, :id::text, bench.id('officer', :i), NULL, 2, NULL, sha256('2'), sha256('3'), :id::text);
INSERT INTO bench.journal_personal (lane, seq, value) VALUES (:client_id, :seq, repeat('s', :state)::bytea);
UPDATE bench.lane_input SET next_offset = next_offset + 1, last_seq = :seq WHERE topic = 'inservice.teacher.command.v1' AND lane = :client_id;
COMMIT;
