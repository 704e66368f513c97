-- A row of the list of teachers is read from one place: v_post. It holds the
-- row's JSON, in full and masked, the teacher's version and the login. The
-- unit's name is not in it: it is the unit's, and read once.

-- A row of the list without its version, unit's name, login and closing brace.
-- Words as in rules/post.h; a test compares them.
CREATE FUNCTION post_item(person_id uuid, name text, masked boolean,
                          organization text, kind smallint, title text,
                          stage text, unit_note text, subjects text[])
    RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN format('{"id":"%s","name":%s,"masked":%s,"organization":%s,'
                  '"post":%s,"title":%s,"stage":%s,"unitNote":%s,"subjects":%s',
        person_id, coalesce(to_json(nullif(name, ''))::text, 'null'),
        CASE WHEN masked THEN 'true' ELSE 'false' END, to_json(organization),
        CASE kind WHEN 1 THEN '"PRIMARY"' WHEN 2 THEN '"SECONDARY"'
                  ELSE 'null' END,
        coalesce(to_json(nullif(title, ''))::text, 'null'),
        coalesce(to_json(nullif(stage, ''))::text, 'null'),
        coalesce(to_json(nullif(unit_note, ''))::text, 'null'),
        to_json(subjects));

-- The letter's counts as JSON: all persons, those who applied, those of them
-- with a post as administrative staff; then all posts, a member of their own.
CREATE FUNCTION teacher_counts(total bigint, applied bigint, staff bigint,
                               posts bigint)
    RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN format('{"total":%s,"applied":%s,"notApplied":%s,"teachers":%s,'
                  '"administrativeStaff":%s},"posts":%s',
                  total, applied, total - applied, applied - staff, staff,
                  posts);

ALTER TABLE v_post
    ADD COLUMN version bigint NOT NULL DEFAULT 0,
    ADD COLUMN item text NOT NULL DEFAULT '',
    ADD COLUMN masked_item text NOT NULL DEFAULT '',
    -- Of the login that is ACTIVE or DISABLED; otherwise 1, NOT_APPLIED.
    ADD COLUMN account_status smallint NOT NULL DEFAULT 1,
    ADD COLUMN account_id uuid;

-- Indexes are made again after the rows, which is faster than keeping them.
DROP INDEX v_post_list, v_post_name, v_post_folded;
UPDATE v_post p
   SET version = t.version,
       item = post_item(p.person_id, p.name, false, p.organization, p.kind,
                        p.title, p.stage, p.unit_note, p.subjects),
       masked_item = post_item(p.person_id, t.masked_name, true,
                               p.organization, p.kind, p.title, p.stage,
                               p.unit_note, p.subjects),
       account_status = coalesce(a.status, 1), account_id = a.account_id
  FROM v_teacher t
  LEFT JOIN LATERAL (
       SELECT v.account_id, v.status FROM v_teacher_account v
        WHERE v.person_id = t.person_id AND v.status IN (3, 4)
        ORDER BY v.account_id DESC LIMIT 1) a ON true
 WHERE t.person_id = p.person_id;

-- The list of a unit; the letter's counts (T8) come from the index alone.
CREATE INDEX v_post_list ON v_post (organization, name, person_id)
    INCLUDE (account_status, title);
CLUSTER v_post USING v_post_list; -- a unit's rows stand on a few pages
CREATE INDEX v_post_name ON v_post (name, person_id, organization);
CREATE INDEX v_post_folded ON v_post USING gin (folded extensions.gin_trgm_ops);

-- As it was, with the columns of the list.
DROP VIEW v_post_past;
CREATE VIEW v_post_past AS
SELECT m.person_id, m.from_organization AS organization, m.post AS kind,
       coalesce(last.title, '') AS title, coalesce(last.stage, '') AS stage,
       coalesce(last.subjects, '{}') AS subjects,
       coalesce(entry.since, last.since) AS since, m.effective_on AS until,
       t.name, t.folded, t.version,
       post_item(m.person_id, t.name, false, m.from_organization, m.post,
                 last.title, last.stage, last.note,
                 coalesce(last.subjects, '{}')) AS item,
       post_item(m.person_id, t.masked_name, true, m.from_organization, m.post,
                 last.title, last.stage, last.note,
                 coalesce(last.subjects, '{}'))
           AS masked_item,
       coalesce(a.status, 1::smallint) AS account_status, a.account_id
  FROM v_move m
  JOIN v_teacher t ON t.person_id = m.person_id AND t.record <> ''
 CROSS JOIN LATERAL (
       SELECT max(v.effective_on) AS since
         FROM v_move v
        WHERE v.person_id = m.person_id
          AND v.to_organization = m.from_organization
          AND v.post = m.post AND v.effective_on <= m.effective_on
          AND v.done_at IS NOT NULL AND v.undone_at IS NULL) entry
  LEFT JOIN LATERAL (
       SELECT v.account_id, v.status FROM v_teacher_account v
        WHERE v.person_id = m.person_id AND v.status IN (3, 4)
        ORDER BY v.account_id DESC LIMIT 1) a ON true
  LEFT JOIN LATERAL (
       SELECT p.title, p.stage, p."unitNote" AS note, p.since,
              ARRAY(SELECT jsonb_array_elements_text(p.subjects)) AS subjects
         FROM jsonb_to_recordset((('{' || t.record || '}')::jsonb) -> 'posts')
           AS p(organization text, title text, stage text, "unitNote" text,
                subjects jsonb, since date, until date)
        WHERE p.organization = m.from_organization
          AND p.until = m.effective_on) last ON true
 WHERE m.from_organization <> '' AND m.done_at IS NOT NULL
   AND m.undone_at IS NULL;
