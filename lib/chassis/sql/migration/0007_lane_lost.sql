-- expands: a column with a default, which only this build reads.
-- How far the journal had been published when Kafka's topics were lost: rows up
-- to here are published again only as far as the new topics need them.
ALTER TABLE lane ADD COLUMN lost_seq bigint NOT NULL DEFAULT 0;
