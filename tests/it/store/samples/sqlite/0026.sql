-- One row at least of everything that there is after step 0026.

insert into activity_personal (account_id, seq, name, salt, value, recorded_at)
    select account_id, seq, 'name', zeroblob(16), 'Robin Example', at from activity where seq = 2;
