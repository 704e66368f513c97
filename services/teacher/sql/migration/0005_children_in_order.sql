-- Children are read in the order of these indexes, without a sort.
DROP INDEX post_of_person;
CREATE INDEX post_of_person
    ON post (person_id, state, closed_version DESC, post_id);
DROP INDEX move_of_person;
CREATE INDEX move_of_person
    ON move (person_id, (settled_version > 0), settled_version DESC, move_id);
