-- expands: columns with defaults and a table. T6: teachers confirm their record
-- for a semester, an officer reviews the school.
ALTER TABLE teacher
    ADD COLUMN confirmed_semester text,
    ADD COLUMN confirmed_at timestamptz;

CREATE TABLE school_review (
    review_id           text        PRIMARY KEY, -- organization/semester
    organization        text        NOT NULL,
    semester            text        NOT NULL,
    reviewer_account_id uuid        NOT NULL,
    reviewed_at         timestamptz NOT NULL,
    seen_position       bigint      NOT NULL,
    teacher_count       integer     NOT NULL,
    version             bigint      NOT NULL CHECK (version > 0)
);
