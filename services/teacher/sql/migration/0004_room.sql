-- Room on every page for the next version of a row: an update that changes no
-- indexed column stays on its page and touches no index.
ALTER TABLE teacher SET (fillfactor = 85);
ALTER TABLE post SET (fillfactor = 85);
