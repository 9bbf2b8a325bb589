-- One row at least of everything that there is after step 0027.

insert into halts (account_id, why, found_at) select min(id), 'entry 2 was changed', 1764000000000000 from accounts;
