SELECT command_id, outcome FROM inbox WHERE command_id = ANY($1::uuid[])
