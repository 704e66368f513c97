-- Teachers, their posts and moves. Numbers of enums are those of the contracts.
CREATE TABLE teacher (
    person_id uuid PRIMARY KEY,
    number_sealed bytea NOT NULL,   -- by the gateway, which alone can open it
    number_kind smallint NOT NULL CHECK (number_kind BETWEEN 1 AND 3),
    name text NOT NULL CHECK (name <> ''),
    sex smallint NOT NULL CHECK (sex BETWEEN 0 AND 2),
    email text NOT NULL,
    version bigint NOT NULL CHECK (version > 0)
);

-- T11: one primary post at most, and one post a school at most. Decided in the
-- lane; the indexes are the backstop. A post is named by the move that brings it.
CREATE TABLE post (
    post_id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES teacher,
    organization text NOT NULL CHECK (organization <> ''),
    kind smallint NOT NULL CHECK (kind IN (1, 2)),
    state smallint NOT NULL CHECK (state BETWEEN 1 AND 4),  -- open, planned, closed, undone
    title text NOT NULL,
    stage text NOT NULL,
    unit_note text NOT NULL,
    subjects text NOT NULL,         -- codes, a space between
    since date NOT NULL,
    until date CHECK (until >= since),
    source smallint NOT NULL CHECK (source BETWEEN 1 AND 4),
    reason smallint NOT NULL CHECK (reason BETWEEN 0 AND 3),
    closed_by uuid,
    closed_version bigint NOT NULL CHECK (closed_version >= 0),
    CHECK ((state = 3) = (until IS NOT NULL)),
    CHECK ((state = 3) = (closed_by IS NOT NULL)),
    CHECK ((state = 3) = (reason <> 0)),
    CHECK ((state IN (3, 4)) = (closed_version > 0))
);
CREATE UNIQUE INDEX post_one_primary ON post (person_id)
    WHERE state = 1 AND kind = 1;
CREATE UNIQUE INDEX post_one_a_school ON post (person_id, organization)
    WHERE state = 1;
CREATE INDEX post_of_person ON post (person_id, state, closed_version DESC);

CREATE TABLE move (
    move_id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES teacher,
    from_organization text NOT NULL,
    to_organization text NOT NULL,
    cause smallint NOT NULL CHECK (cause BETWEEN 1 AND 4),
    kind smallint NOT NULL CHECK (kind IN (1, 2)),
    reason smallint NOT NULL CHECK (reason BETWEEN 0 AND 3),
    effective_on date NOT NULL,
    ordered_at timestamptz NOT NULL,
    done_at timestamptz,
    undone_at timestamptz,
    settled_version bigint NOT NULL CHECK (settled_version >= 0),
    CHECK (from_organization <> '' OR to_organization <> ''),
    CHECK ((to_organization = '') = (reason <> 0)),
    CHECK ((settled_version > 0) = (done_at IS NOT NULL OR undone_at IS NOT NULL))
);
CREATE INDEX move_of_person ON move (person_id, (settled_version > 0), settled_version DESC);
