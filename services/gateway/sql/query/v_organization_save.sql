INSERT INTO v_organization
       (code, version, incarnation, name, folded, kind, county, establishment,
        managing_centre, parent_code, phone, email, address, website, status,
        merged_into, active_chiefs)
SELECT *
  FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[],
              $6::smallint[], $7::text[], $8::text[], $9::text[], $10::text[],
              $11::text[], $12::text[], $13::text[], $14::text[],
              $15::smallint[], $16::text[], $17::integer[])
    ON CONFLICT (code) DO UPDATE
   SET version = excluded.version, incarnation = excluded.incarnation, name =
       excluded.name, folded = excluded.folded, kind = excluded.kind, county =
       excluded.county, establishment = excluded.establishment, managing_centre
       = excluded.managing_centre, parent_code = excluded.parent_code, phone =
       excluded.phone, email = excluded.email, address = excluded.address,
       website = excluded.website, status = excluded.status, merged_into =
       excluded.merged_into, active_chiefs = excluded.active_chiefs
