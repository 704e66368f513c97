-- expands: builds before this one use none of the rights that it withholds.
-- The run-time role has all rights on new tables and partitions of its schema.
-- This takes the named rights on the named tables (with their partitions) from
-- everybody but the owner: a row that is written once stays as it is.
CREATE FUNCTION withhold(rights text[], tables text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    FOR held IN
        WITH named AS (
            SELECT to_regclass(t)::oid AS id FROM unnest(tables) AS t)
        SELECT c.oid::regclass AS name, acl.grantee::regrole AS role
          FROM pg_class c, aclexplode(c.relacl) acl
         WHERE c.oid IN (SELECT id FROM named UNION
                         SELECT p.relid FROM named, pg_partition_tree(id) p)
           AND acl.grantee NOT IN (c.relowner, 0)
           AND acl.privilege_type = ANY(rights)
         GROUP BY c.oid, acl.grantee
    LOOP
        EXECUTE format('REVOKE %s ON %s FROM %s',
                       array_to_string(rights, ', '), held.name, held.role);
    END LOOP;
END $$;
