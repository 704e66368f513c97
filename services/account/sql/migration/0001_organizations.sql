-- Organizations (O1-O4), and what waits at them.
-- Code, kind, status and causes carry the numbers of the contracts; NULL text
-- means "none".
CREATE TABLE organization (
    code            text     PRIMARY KEY CHECK (code ~ '^[0-9A-Za-z-]{1,16}$'),
    name            text     NOT NULL CHECK (name <> ''),
    kind            smallint NOT NULL CHECK (kind BETWEEN 1 AND 10),
    county          text,
    establishment   text,
    managing_centre text,
    parent_code     text     CHECK (parent_code <> code),
    phone           text,
    email           text,
    address         text,
    website         text,
    status          smallint NOT NULL CHECK (status BETWEEN 1 AND 4),
    merged_into     text     CHECK (merged_into <> code),
    -- B22: ACTIVE CHIEFs who hold account management.
    active_chiefs   integer  NOT NULL CHECK (active_chiefs >= 0),
    closed_at       timestamptz,
    version         bigint   NOT NULL CHECK (version > 0),
    CHECK ((status = 4) = (merged_into IS NOT NULL))
);

-- A backstop; platform_claim keeps the founding single.
CREATE UNIQUE INDEX organization_one_platform ON organization (kind)
    WHERE kind = 10;

CREATE TABLE platform_claim (
    name         text PRIMARY KEY,
    organization text
);

CREATE TABLE unit_load (
    organization text    PRIMARY KEY,
    pending      integer NOT NULL CHECK (pending >= 0)
);
