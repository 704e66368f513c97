-- The gateway's read model at national size, for the plans and times of lists.
-- Made by test_lists.py. Every row is as the states of its owner would have
-- made it. 22 centres, 10,700 schools, 150 universities, 45,000 live accounts
-- and 45,000 deleted ones, 3,000 that wait, 300,000 teachers with posts, 90,000
-- logins, 300,000 moves, 200,000 operations.
SET synchronous_commit = off;
SET search_path = gateway, extensions;

CREATE FUNCTION pg_temp.id(kind text, i bigint) RETURNS uuid LANGUAGE sql
    RETURN overlay(md5(kind || i) PLACING '8' FROM 13)::uuid;
CREATE FUNCTION pg_temp.school(i bigint) RETURNS text LANGUAGE sql
    RETURN 'N' || lpad(i::text, 5, '0');
-- Every surname is at every school.
CREATE FUNCTION pg_temp.name(i bigint) RETURNS text LANGUAGE sql
    RETURN substr('陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周',
                  1 + ((i + i / 10700) % 20)::int, 1)
        || substr('淑美雅怡志建俊家佳冠宗承柏宜欣思文明玉秀', 1 + (i / 20 % 20)::int, 1)
        || substr('芬惠玲婷君如華豪偉宏翰穎瑜蓉萱霖傑銘慧娟', 1 + (i / 400 % 20)::int, 1);

INSERT INTO v_organization (code, version, name, folded, kind, county,
    establishment, managing_centre, parent_code, phone, email, address, website,
    status, merged_into, active_chiefs)
SELECT code, 1, code, code, kind, '宜蘭縣', '公立', centre, parent, '', '', '', '',
       1, '', chiefs
  FROM (SELECT 'NC' || i AS code, 9::smallint AS kind, '' AS centre, '' AS parent,
               1 AS chiefs FROM generate_series(0, 21) AS i
         UNION ALL
        SELECT pg_temp.school(i), (1 + i % 5)::smallint, 'NC' || i % 22,
               CASE WHEN i % 50 = 49 THEN pg_temp.school(i - 5) ELSE '' END,
               (i % 41 <> 0)::int FROM generate_series(0, 10699) AS i
         UNION ALL
        SELECT 'NU' || i, 6::smallint, '', '', 0 FROM generate_series(0, 149) AS i
         UNION ALL
        SELECT 'NP', 10::smallint, '', '', 1) AS unit;

-- Each school has four live accounts. Each of them has a deleted predecessor,
-- which has no name.
INSERT INTO v_business_account (account_id, version, organization, person_id,
    role, permissions, status, cause, closed_cause, login, name, folded, phone,
    email, wanted_role, identity_proven, teacher_version, applied_at, enabled_at,
    settled, open_courses, session_floor)
SELECT pg_temp.id('account', i), 1, pg_temp.school(i % 10700),
       pg_temp.id('person', i), CASE WHEN i < 10700 THEN 1 ELSE 3 END, 31,
       3, 0, 0, 'n' || i, pg_temp.name(i), pg_temp.name(i), '', '', 3, true, 1,
       now() - interval '90 days', now() - interval '80 days', false, 0, 0
  FROM generate_series(0, 44999) AS i
 UNION ALL
SELECT pg_temp.id('gone', i), 1, pg_temp.school(i % 10700), NULL, 3, 0, 5, 0, 0,
       '', '', '', '', '', 3, true, 1, now() - interval '900 days', NULL, false,
       0, 0
  FROM generate_series(0, 44999) AS i
 UNION ALL
SELECT pg_temp.id('waits', i), 1, pg_temp.school(i * 3 % 10700), NULL, 0, 0, 2, 0,
       0, 'w' || i, pg_temp.name(i), pg_temp.name(i), '',
       'w' || i || '@example.tw', 3, false, 0, now() - interval '1 day' * (i % 30),
       NULL, false, 0, 0
  FROM generate_series(0, 2999) AS i;
INSERT INTO v_business_account (account_id, version, organization, role,
    permissions, status, cause, closed_cause, login, name, folded, phone, email,
    wanted_role, identity_proven, teacher_version, applied_at, settled,
    open_courses, session_floor)
SELECT pg_temp.id('platform', i), 1, 'NP', 0, 0, 2, 0, 0, 'np' || i,
       pg_temp.name(i), pg_temp.name(i), '', '', 3, false, 0, now(), false, 0, 0
  FROM generate_series(0, 4) AS i;

INSERT INTO v_code_table (name, version, rows)
VALUES ('title_set', 1, '[{"code":"ADMINISTRATIVE_STAFF","members":["DIRECTOR",
    "LEADER"]},{"code":"RARE","members":["RARE","RARER"]},{"code":"TEACHING",
    "members":["TEACHER","SUBSTITUTE"]}]');
INSERT INTO v_teacher (person_id, version, name, folded, masked_name, email, sex,
    number_kind, head, masked_head, record)
SELECT pg_temp.id('person', i), 1, pg_temp.name(i), pg_temp.name(i),
       left(pg_temp.name(i), 1) || 'O' || right(pg_temp.name(i), 1), '', 1, 1,
       '{', '{', '"posts":[]'
  FROM generate_series(0, 299999) AS i;
-- Rare titles stand at few schools only, far down in the order of names.
INSERT INTO v_post (person_id, organization, kind, title, stage, unit_note,
    subjects, since, source, name, folded, version, item, masked_item,
    account_status, account_id)
SELECT p.id, p.organization, 1, p.title, 'PRIMARY', '', ARRAY['CHINESE'],
       p.since, 1, p.name, p.name, 1,
       post_item(p.id, p.name, false, p.organization, 1::smallint, p.title,
                 'PRIMARY', '', ARRAY['CHINESE']),
       post_item(p.id, left(p.name, 1) || 'O' || right(p.name, 1), true,
                 p.organization, 1::smallint, p.title, 'PRIMARY', '',
                 ARRAY['CHINESE']),
       CASE WHEN p.login THEN 3 ELSE 1 END,
       CASE WHEN p.login THEN pg_temp.id('login', p.i) END
  FROM (SELECT i, pg_temp.id('person', i) AS id, pg_temp.name(i) AS name,
               pg_temp.school(i % 10700) AS organization,
               CASE WHEN i % 6007 = 0 THEN 'RARE'
                    ELSE (ARRAY['TEACHER', 'TEACHER', 'TEACHER', 'TEACHER',
                        'DIRECTOR', 'LEADER', 'SUBSTITUTE'])[1 + i % 7]
               END AS title,
               '2025-08-01'::date - 365 * (i % 9)::int AS since,
               i < 90000 AND i % 90 <> 0 AS login
          FROM generate_series(0, 299999) AS i) AS p;
INSERT INTO v_teacher_account (account_id, version, person_id, status, cause,
    closed_cause, login, organization, name, phone, email, source,
    identity_proven, applied_at, session_floor)
SELECT pg_temp.id('login', i), 1, pg_temp.id('person', i),
       CASE WHEN i % 90 = 0 THEN 2 ELSE 3 END, 0, 0, 'l' || i,
       pg_temp.school(i % 10700), pg_temp.name(i), '', '', 1, true,
       CASE WHEN i % 3 = 0 THEN now() - interval '1 day' * (i % 300) END, 0
  FROM generate_series(0, 89999) AS i;
-- Four in five accounts have a password.
INSERT INTO credential (account_id, hash, changed_at)
SELECT pg_temp.id(kind, i), 'x', now()
  FROM generate_series(0, 89999) AS i, (VALUES ('account'), ('login')) AS k(kind)
 WHERE i % 5 <> 0;
INSERT INTO v_move (move_id, person_id, from_organization, to_organization, cause,
    post, reason, effective_on, ordered_at, done_at)
SELECT pg_temp.id('move', i), pg_temp.id('person', i), '',
       pg_temp.school(i % 10700), 1, 1, 0, '2025-08-01'::date - 365 * (i % 9)::int,
       now() - interval '1 minute' * i, now() - interval '1 minute' * i
  FROM generate_series(0, 119999) AS i;
-- Three in ten were at another school before.
INSERT INTO v_move (move_id, person_id, from_organization, to_organization, cause,
    post, reason, effective_on, ordered_at, done_at)
SELECT pg_temp.id(step.kind, i), pg_temp.id('person', i),
       CASE WHEN step.kind = 'came' THEN '' ELSE pg_temp.school(i * 7 % 10700) END,
       CASE WHEN step.kind = 'came' THEN pg_temp.school(i * 7 % 10700)
            ELSE pg_temp.school(i % 10700) END, 2, 1, 0,
       '2025-08-01'::date - 365 * (i % 9)::int
           - CASE step.kind WHEN 'came' THEN 1000 ELSE 0 END,
       now() - interval '1 minute' * i, now() - interval '1 minute' * i
  FROM generate_series(0, 89999) AS i, (VALUES ('came'), ('went')) AS step(kind);
INSERT INTO operation (operation_id, scope, request_hash, command_id, service,
    lane, type, lane_key, subject, done_status, receipt, accepted_at, sent_at,
    state)
SELECT pg_temp.id('operation', i),
       pg_temp.id('account', i * 11 % 45000)::text, '', pg_temp.id('command', i),
       0, 0, '', '', '', 200, false, now(), now(), 1
  FROM generate_series(0, 199999) AS i;
ANALYZE;
