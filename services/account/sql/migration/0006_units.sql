-- expands: indexes. For units that close (O3): the units that name this one, and
-- its ACTIVE accounts.
CREATE INDEX organization_of_centre ON organization (managing_centre);
CREATE INDEX organization_of_parent ON organization (parent_code);
CREATE INDEX business_account_of_unit ON business_account (organization, account_id)
    WHERE status = 3;
