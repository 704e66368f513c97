-- Fills the tables of all three services as if every row had come by a command,
-- but without the messages. `make bench` measures on these tables. Called by
-- bench.py as administrator, on an empty and migrated stack.
--   teachers, accounts    how many
-- Teacher i is at school i % schools; three in ten accounts are officers', and
-- officer i is teacher i; the others are logins of teachers. All versions are 1.
\set ON_ERROR_STOP on
SELECT :teachers / 75 AS schools, :accounts * 3 / 10 AS officers,
       :accounts - :accounts * 3 / 10 AS logins \gset
SET synchronous_commit = off; -- of the filling only
SET search_path = extensions;
SET client_min_messages = warning;

CREATE SCHEMA bench;
CREATE FUNCTION bench.id(kind text, i bigint) RETURNS uuid LANGUAGE sql
    IMMUTABLE PARALLEL SAFE
    RETURN overlay(md5(kind || i) PLACING '8' FROM 13)::uuid;
CREATE FUNCTION bench.school(i bigint) RETURNS text LANGUAGE sql
    IMMUTABLE PARALLEL SAFE RETURN lpad(i::text, 6, '0');
CREATE FUNCTION bench.name(i bigint) RETURNS text LANGUAGE sql
    IMMUTABLE PARALLEL SAFE
    RETURN substr('陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周', 1 + (i % 20)::int, 1)
        || substr('淑美雅怡志建俊家佳冠宗承柏宜欣思文明玉秀', 1 + (i / 20 % 20)::int, 1)
        || substr('芬惠玲婷君如華豪偉宏翰穎瑜蓉萱霖傑銘慧娟', 1 + (i / 400 % 20)::int, 1);
CREATE FUNCTION bench.sealed(i bigint) RETURNS bytea LANGUAGE sql
    IMMUTABLE PARALLEL SAFE -- as long as a sealed number is
    RETURN substr(sha512(i::text::bytea), 1, 51);

CREATE TABLE bench.school AS
SELECT i, bench.school(i) AS code,
       '測試' || i || '國民小學' AS name, 1 + (i % 5)::smallint AS kind
  FROM generate_series(0, :schools - 1) AS i;
CREATE TABLE bench.teacher AS
SELECT i, bench.id('person', i) AS person_id, bench.name(i) AS name,
       bench.school(i % :schools) AS organization,
       bench.id('post', i) AS move_id, 'teacher' || i || '@example.tw' AS email,
       bench.sealed(i) AS number_sealed
  FROM generate_series(0, :teachers - 1) AS i;
-- The first officer of a school is its CHIEF.
CREATE TABLE bench.officer AS
SELECT t.*, bench.id('officer', i) AS account_id, 'officer' || i AS login,
       CASE WHEN i < :schools THEN 1 ELSE 3 END::smallint AS role,
       CASE WHEN i < :schools THEN 31 ELSE 19 END AS permissions
  FROM bench.teacher t WHERE i < :officers;
CREATE TABLE bench.login AS
SELECT t.*, bench.id('login', i) AS account_id, 'login' || i AS login
  FROM bench.teacher t WHERE i < :logins;
-- The actor of commands that are the platform's (lane_load.c).
CREATE TABLE bench.administrator AS
SELECT 'P-000000' AS organization, '01900000-0000-7000-8000-00000000000a'::uuid
       AS account_id, '01900000-0000-7000-8000-00000000000b'::uuid AS person_id;

-- The account service.
INSERT INTO account.organization
SELECT code, name, kind, '宜蘭縣', '公立', NULL, NULL, '03-9000000',
       's' || code || '@example.tw', '宜蘭市', NULL, 1, NULL,
       (SELECT count(*) FROM bench.officer o
         WHERE o.organization = s.code AND o.role = 1), NULL, 1
  FROM bench.school s;
INSERT INTO account.organization (code, name, kind, county, establishment,
                                  status, active_chiefs, version)
SELECT organization, '平臺', 10, '', '', 1, 1, 1 FROM bench.administrator;
INSERT INTO account.business_account
SELECT account_id, organization, person_id, role, permissions, 3, 0, 0, login,
       name, '0900000000', email, role, NULL, true, 1, NULL,
       now() - interval '90 days', NULL, now() - interval '80 days', NULL, 0,
       NULL, NULL, false, 0, 1
  FROM bench.officer;
INSERT INTO account.business_account
SELECT account_id, organization, person_id, 1, 63, 3, 0, 0, 'platform', '平臺',
       NULL, NULL, 1, NULL, true, 0, NULL, now(), NULL, now(), NULL, 0, NULL,
       NULL, false, 0, 1
  FROM bench.administrator;
INSERT INTO account.teacher_account
SELECT account_id, person_id, 3, 0, 0, login, organization, name, '0900000000',
       email, 1, true, NULL, NULL, now() - interval '80 days', NULL, 1, 1
  FROM bench.login;
INSERT INTO account.holder_claim
SELECT person_id, account_id, organization FROM bench.officer;
INSERT INTO account.login_claim
SELECT login, account_id FROM bench.officer
 UNION ALL SELECT login, account_id FROM bench.login;
INSERT INTO account.affiliation
SELECT person_id, organization, 1 FROM bench.teacher;

-- The teacher service.
INSERT INTO teacher.organization_copy
SELECT code, kind, 1, '', '', 1 FROM bench.school;
INSERT INTO teacher.officer_copy
SELECT account_id, person_id, organization, role, permissions, 3, 1
  FROM bench.officer;
INSERT INTO teacher.teacher
SELECT person_id, number_sealed, 1, name, 1 + (i % 2)::smallint, email, 1
  FROM bench.teacher ORDER BY person_id;
INSERT INTO teacher.post
SELECT move_id, person_id, organization, 1, 1, 'QUALIFIED_TEACHER', '40', '',
       'CHINESE MATHEMATICS', '2025-08-01', NULL, 1, 0, NULL, 0
  FROM bench.teacher ORDER BY person_id;
INSERT INTO teacher.move
SELECT move_id, person_id, '', organization, 1, 1, 0, '2025-08-01',
       '2025-08-01 00:00Z', '2025-08-01 00:00Z', NULL, 1
  FROM bench.teacher ORDER BY person_id;

-- The gateway: the read model, documents as view_teacher writes them. No
-- identities: the gateway does not start on numbers that its keys do not open.
INSERT INTO gateway.v_organization
SELECT code, 1, name, name, kind, '宜蘭縣', '公立', '', '', '03-9000000',
       's' || code || '@example.tw', '宜蘭市', '', 1, '', active_chiefs
  FROM account.organization;
INSERT INTO gateway.v_business_account
SELECT account_id, 1, organization, person_id, role, permissions, 3, 0, 0, login,
       name, name, '0900000000', email, role, NULL, true, 1, NULL,
       now() - interval '90 days', NULL, now() - interval '80 days', NULL, NULL,
       NULL, false, 0, 0
  FROM bench.officer;
INSERT INTO gateway.v_business_account
SELECT account_id, 1, organization, person_id, 1, 63, 3, 0, 0, 'platform', '平臺',
       '平臺', '', '', 1, NULL, true, 0, NULL, now(), NULL, now(), NULL, NULL,
       NULL, false, 0, 0
  FROM bench.administrator;
INSERT INTO gateway.v_teacher_account
SELECT account_id, 1, person_id, 3, 0, 0, login, organization, name,
       '0900000000', email, 1, true, NULL, NULL, now() - interval '80 days',
       NULL, 0
  FROM bench.login;
WITH record AS (
    SELECT t.*, left(name, 1) || 'O' || right(name, 1) AS masked_name,
           format('"posts":[{"organization":"%s","kind":"PRIMARY",'
               '"title":"QUALIFIED_TEACHER","stage":"40","unitNote":null,'
               '"subjects":["CHINESE","MATHEMATICS"],"since":"2025-08-01",'
               '"until":null,"source":"REGISTERED","reason":null}],'
               '"moves":[{"id":"%s","from":null,"to":"%s",'
               '"cause":"REGISTERED","post":"PRIMARY","reason":null,'
               '"effectiveOn":"2025-08-01",'
               '"orderedAt":"2025-08-01T00:00:00.000000Z",'
               '"doneAt":"2025-08-01T00:00:00.000000Z","undoneAt":null}],'
               '"confirmedSemester":null,"mergedInto":null,"conflict":null',
               organization, move_id, organization) AS record,
           (ARRAY['MALE', 'FEMALE'])[1 + i % 2] AS sex
      FROM bench.teacher t
)
INSERT INTO gateway.v_teacher (person_id, version, name, folded, masked_name,
                               email, sex, number_kind, merged_into, head,
                               masked_head, record)
SELECT person_id, 1, name, name, masked_name, email, 1 + (i % 2)::smallint, 1,
       NULL,
       format('{"id":"%s","version":1,"name":"%s","masked":false,"sex":"%s",'
           '"email":"%s","numberKind":"NATIONAL","number":"A12345****"',
           person_id, name, sex, email),
       format('{"id":"%s","version":1,"name":"%s","masked":true,"sex":"%s",'
           '"email":"t****@example.tw","numberKind":"NATIONAL","number":null',
           person_id, masked_name, sex), record
  FROM record ORDER BY person_id;
INSERT INTO gateway.v_post
SELECT t.person_id, t.organization, 1, 'QUALIFIED_TEACHER', '40', '',
       '{CHINESE,MATHEMATICS}', '2025-08-01', 1, t.name, t.name, 1,
       gateway.post_item(t.person_id, t.name, false, t.organization, 1::smallint,
           'QUALIFIED_TEACHER', '40', '', '{CHINESE,MATHEMATICS}'),
       gateway.post_item(t.person_id, left(t.name, 1) || 'O' || right(t.name, 1),
           true, t.organization, 1::smallint, 'QUALIFIED_TEACHER', '40', '',
           '{CHINESE,MATHEMATICS}'),
       CASE WHEN l.account_id IS NULL THEN 1 ELSE 3 END, l.account_id
  FROM bench.teacher t
  LEFT JOIN bench.login l USING (person_id)
 ORDER BY t.organization, t.name; -- an import goes unit by unit
INSERT INTO gateway.v_move
SELECT move_id, person_id, '', organization, 1, 1, 0, '2025-08-01',
       '2025-08-01 00:00Z', '2025-08-01 00:00Z', NULL
  FROM bench.teacher ORDER BY person_id;
