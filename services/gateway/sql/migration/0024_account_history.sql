-- expands: builds before this one do not know the table.
-- What was done to a business account, a row for each event (B17, route 25). It
-- begins with the build that brings this table. No names: the actor's is read
-- from their account.
CREATE TABLE account_history (
    history_key text PRIMARY KEY, -- account/incarnation/version/event
    account_id uuid NOT NULL,
    incarnation bigint NOT NULL,
    version bigint NOT NULL,
    event smallint NOT NULL,
    at timestamptz NOT NULL,
    actor uuid,                   -- NULL: the system
    role smallint NOT NULL,
    permissions integer NOT NULL,
    cause smallint NOT NULL,
    other uuid                    -- the CHIEF who was succeeded
);
CREATE INDEX account_history_account
    ON account_history (account_id, incarnation, version, event);
