-- The read model: what the owners' state topics say, one row per aggregate.
-- Written by the lane of views only. `version` is the owner's entity version;
-- an older or equal one changes nothing. Nothing here is a truth of its own:
-- all of it can be emptied and read again from the topics.

-- How an officer of unit `own` comes to a unit: 1 OWN, 2 AREA, 3 ALL, 0 none.
-- The same answer as reach_of() of the rules; a test compares the two.
CREATE FUNCTION unit_reach(code text, kind smallint, managing_centre text,
                           parent_code text, own text, own_kind smallint)
    RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN code = own THEN 1::smallint
        WHEN own_kind = 5 AND kind = 5 AND parent_code = own THEN 1::smallint
        WHEN own_kind = 9 AND managing_centre = own THEN 2::smallint
        WHEN own_kind = 10 THEN 3::smallint
        ELSE 0::smallint
    END;

CREATE TABLE v_organization (
    code text PRIMARY KEY,
    version bigint NOT NULL,
    name text COLLATE extensions.zh_stroke NOT NULL,
    folded text NOT NULL,
    kind smallint NOT NULL,
    county text NOT NULL,
    establishment text NOT NULL,
    managing_centre text NOT NULL,
    parent_code text NOT NULL,
    phone text NOT NULL,
    email text NOT NULL,
    address text NOT NULL,
    website text NOT NULL,
    status smallint NOT NULL,
    merged_into text NOT NULL,
    active_chiefs integer NOT NULL
);
CREATE INDEX v_organization_name ON v_organization (name, code);
CREATE INDEX v_organization_folded ON v_organization
    USING gin (folded extensions.gin_trgm_ops);
CREATE INDEX v_organization_centre ON v_organization (managing_centre, name, code);
CREATE INDEX v_organization_parent ON v_organization (parent_code)
    WHERE parent_code <> '';
CREATE INDEX v_organization_platform ON v_organization (code) WHERE kind = 10;

CREATE TABLE v_business_account (
    account_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    organization text NOT NULL,
    person_id uuid,
    role smallint NOT NULL,
    permissions integer NOT NULL,
    status smallint NOT NULL,
    cause smallint NOT NULL,
    closed_cause smallint NOT NULL,
    login text NOT NULL,
    name text COLLATE extensions.zh_stroke NOT NULL,
    folded text NOT NULL,
    phone text NOT NULL,
    email text NOT NULL,
    wanted_role smallint NOT NULL,
    succeeds uuid,
    identity_proven boolean NOT NULL,
    teacher_version bigint NOT NULL,
    move_id uuid,
    applied_at timestamptz,
    lapses_at timestamptz,
    enabled_at timestamptz,
    disabled_at timestamptz,
    deletion_requested_at timestamptz,
    deleted_at timestamptz,
    settled boolean NOT NULL,
    open_courses integer NOT NULL,
    -- Version that last took the right away: older sessions are dead (T16).
    session_floor bigint NOT NULL
);
CREATE INDEX v_business_account_list
    ON v_business_account (organization, name, account_id);
CREATE INDEX v_business_account_name ON v_business_account (name, account_id);
CREATE INDEX v_business_account_person ON v_business_account (person_id)
    WHERE status IN (3, 4);
CREATE INDEX v_business_account_pending
    ON v_business_account (applied_at, account_id) WHERE status = 2;
CREATE INDEX v_business_account_login ON v_business_account (login)
    WHERE status IN (3, 4);

CREATE TABLE v_teacher (
    person_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    name text COLLATE extensions.zh_stroke NOT NULL,
    folded text NOT NULL,
    masked_name text NOT NULL,
    email text NOT NULL,
    sex smallint NOT NULL,
    number_kind smallint NOT NULL,
    merged_into uuid,
    -- JSON as it is sent, without the closing brace: made when it is written,
    -- so that reading by id copies bytes.
    document text NOT NULL,
    masked text NOT NULL
);

-- The open posts; name and folded are the teacher's, for the order of lists.
CREATE TABLE v_post (
    person_id uuid NOT NULL,
    organization text NOT NULL,
    kind smallint NOT NULL,
    title text NOT NULL,
    stage text NOT NULL,
    unit_note text NOT NULL,
    subjects text[] NOT NULL,
    since date,
    source smallint NOT NULL,
    name text COLLATE extensions.zh_stroke NOT NULL,
    folded text NOT NULL,
    PRIMARY KEY (person_id, organization)
);
CREATE INDEX v_post_list ON v_post (organization, name, person_id);
CREATE INDEX v_post_name ON v_post (name, person_id, organization);
CREATE INDEX v_post_folded ON v_post USING gin (folded extensions.gin_trgm_ops);

CREATE TABLE v_move (
    move_id uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    from_organization text NOT NULL,
    to_organization text NOT NULL,
    cause smallint NOT NULL,
    post smallint NOT NULL,
    reason smallint NOT NULL,
    effective_on date,
    ordered_at timestamptz NOT NULL,
    done_at timestamptz,
    undone_at timestamptz
);
CREATE INDEX v_move_list ON v_move (ordered_at DESC, move_id DESC);
CREATE INDEX v_move_from ON v_move (from_organization, ordered_at DESC, move_id DESC);
CREATE INDEX v_move_to ON v_move (to_organization, ordered_at DESC, move_id DESC);
CREATE INDEX v_move_person ON v_move (person_id);

CREATE TABLE v_teacher_account (
    account_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    person_id uuid,
    status smallint NOT NULL,
    cause smallint NOT NULL,
    closed_cause smallint NOT NULL,
    login text NOT NULL,
    organization text NOT NULL,
    name text COLLATE extensions.zh_stroke NOT NULL,
    phone text NOT NULL,
    email text NOT NULL,
    source smallint NOT NULL,
    identity_proven boolean NOT NULL,
    applied_at timestamptz,
    lapses_at timestamptz,
    enabled_at timestamptz,
    disabled_at timestamptz,
    session_floor bigint NOT NULL
);
CREATE INDEX v_teacher_account_person ON v_teacher_account (person_id)
    WHERE status IN (3, 4);
CREATE INDEX v_teacher_account_pending
    ON v_teacher_account (applied_at, account_id) WHERE status = 2;
CREATE INDEX v_teacher_account_login ON v_teacher_account (login)
    WHERE status IN (3, 4);

CREATE TABLE v_course (
    course_id text PRIMARY KEY,
    version bigint NOT NULL,
    account_id uuid,
    organization text NOT NULL,
    title text NOT NULL,
    state smallint NOT NULL
);
-- Open: everything but ROSTER_CONFIRMED and CANCELLED (B15, C2).
CREATE INDEX v_course_open ON v_course (account_id, course_id)
    WHERE state NOT IN (8, 9);

-- Rows of a code table as JSON, whole (T14).
CREATE TABLE v_code_table (
    name text PRIMARY KEY,
    version bigint NOT NULL,
    rows text NOT NULL
);

-- Sets of titles (T14): which codes stand in which set.
CREATE VIEW v_title_set AS
SELECT r.code AS title_set, m.title
  FROM v_code_table t
 CROSS JOIN LATERAL jsonb_to_recordset(t.rows::jsonb)
            AS r(code text, members jsonb)
 CROSS JOIN LATERAL jsonb_array_elements_text(r.members) AS m(title)
 WHERE t.name = 'title_set';

-- Applications of both kinds (route 13, 14).
CREATE VIEW v_application AS
SELECT account_id, 1::smallint AS account_kind, version, organization,
       person_id, name, phone, email, login, wanted_role, succeeds, status,
       closed_cause, identity_proven, applied_at, lapses_at
  FROM v_business_account
 WHERE applied_at IS NOT NULL
 UNION ALL
SELECT account_id, 2::smallint, version, organization,
       person_id, name, phone, email, login, 0::smallint, NULL::uuid, status,
       closed_cause, identity_proven, applied_at, lapses_at
  FROM v_teacher_account
 WHERE applied_at IS NOT NULL;
