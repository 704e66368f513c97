-- The public columns of a unit, as organization_render() reads them.
       o.code, o.version, o.name, o.kind, o.county, o.establishment,
       o.managing_centre, o.parent_code, o.phone, o.address, o.website,
       o.status, o.merged_into
