-- The units an officer of a kindergarten has as his own: it and its branches.
SELECT code FROM v_organization
 WHERE code = $1::text
    OR (parent_code = $1::text AND parent_code <> ''
        AND kind = :KIND_KINDERGARTEN)
 ORDER BY code
