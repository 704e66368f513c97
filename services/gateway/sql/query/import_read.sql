SELECT i.import_id, i.version, i.kind, i.state, i.report, i.commit_key,
       i.created_at, i.committed_at, i.done_at,
       i.organization, o.kind, o.managing_centre, o.parent_code, o.status,
       i.warned
  FROM import i
  LEFT JOIN v_organization o ON o.code = i.organization
 WHERE i.import_id = $1::uuid
