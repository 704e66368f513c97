-- expands: an index. O3: which units were merged into one.
CREATE INDEX v_organization_merged ON v_organization (merged_into)
    WHERE merged_into <> '';
