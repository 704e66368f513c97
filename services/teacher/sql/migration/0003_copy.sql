-- What the account service said of units and officers, by entity version.
-- Written in the unit's lane, read from others as a hint.
CREATE TABLE organization_copy (
    code text PRIMARY KEY,
    kind smallint NOT NULL,
    status smallint NOT NULL,
    managing_centre text NOT NULL,
    parent_code text NOT NULL,
    version bigint NOT NULL
);

CREATE TABLE officer_copy (
    account_id uuid PRIMARY KEY,
    person_id uuid,
    organization text NOT NULL,
    role smallint NOT NULL,
    permissions integer NOT NULL,
    status smallint NOT NULL,
    version bigint NOT NULL
);
-- T15: whether a leaver is a CHIEF. Only ACTIVE accounts count.
CREATE INDEX officer_copy_person ON officer_copy (person_id, role) WHERE status = 3;
