-- One row at least of everything that there is after step 0018.

insert into drills (id, paper_key_id, created_at, expires_at, wrong, used_at)
    values (x'00000000000070008000000000000129', x'00000000000070008000000000000127', 1764000000000000, 1764000600000000, 1, 1764000300000000);
insert into key_tries (account_id, untold, told_at, due_at)
    values (x'00000000000070008000000000000001', 2, 1764000000000000, 1764003600000000);
