-- What the course system tells (B15, C1). State 0 is unknown and counts as
-- open; 8 ROSTER_CONFIRMED and 9 CANCELLED are closed.
CREATE TABLE course_guard (
    course_id      text     PRIMARY KEY
                   CHECK (char_length(course_id) BETWEEN 1 AND 64),
    account_id     uuid     NOT NULL,
    organization   text     NOT NULL,
    title          text,
    state          smallint NOT NULL,
    course_version bigint   NOT NULL CHECK (course_version >= 0)
);
CREATE INDEX course_guard_open ON course_guard (account_id)
    WHERE state NOT IN (8, 9);

CREATE TABLE course_settled (
    account_id      uuid   PRIMARY KEY,
    account_version bigint NOT NULL
);
