-- The other statements of this round trip take their lasting plan (a generic plan), which
-- is made once. For lists that are cheaper than their planning.
SELECT set_config('plan_cache_mode', 'force_generic_plan', true)
