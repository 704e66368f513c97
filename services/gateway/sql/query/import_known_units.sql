-- The known columns of the units that a file names, and of every centre.
SELECT code, name, kind, county, establishment, managing_centre, parent_code,
       phone, email, address, website, status
  FROM v_organization
 WHERE code IN (SELECT unnest($1::text[])) OR kind = :KIND_REGIONAL_CENTRE
