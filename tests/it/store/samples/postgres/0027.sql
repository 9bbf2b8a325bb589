-- One row at least of everything that there is after step 0027.

insert into halts (account_id, why, found_at) select id, 'entry 2 was changed', to_timestamp(1764000000) from accounts order by id limit 1;
