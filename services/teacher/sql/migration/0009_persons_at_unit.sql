-- expands: an index. For units that are merged (O3): the persons with an open or
-- planned post there.
CREATE INDEX post_at_unit ON post (organization, person_id)
    WHERE state IN (1, 2);
