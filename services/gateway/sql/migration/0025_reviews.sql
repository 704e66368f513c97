-- expands: a column with a default and a table. T6: for which semester a teacher
-- has confirmed their record, and who reviewed a school.
ALTER TABLE v_teacher ADD COLUMN confirmed_semester text;

CREATE TABLE v_school_review (
    review_id           text        PRIMARY KEY, -- organization/semester
    version             bigint      NOT NULL,
    incarnation         bigint      NOT NULL,
    organization        text        NOT NULL,
    semester            text        NOT NULL,
    reviewer_account_id uuid,
    reviewed_at         timestamptz,
    teacher_count       integer     NOT NULL
);
CREATE INDEX v_school_review_of_unit ON v_school_review (organization, semester DESC);
