-- One row for each budget, up to the first that has nothing left.
SELECT left_over, counted, until
  FROM budget_take($1::text[], $2::integer[], $3::bigint[], $4::timestamptz)
