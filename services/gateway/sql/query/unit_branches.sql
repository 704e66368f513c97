-- The own units of a kindergarten's officer: the kindergarten and its branches.
SELECT code FROM v_organization
 WHERE code = $1::text
    OR (parent_code = $1::text AND parent_code <> ''
        AND kind = :KIND_KINDERGARTEN)
 ORDER BY code
