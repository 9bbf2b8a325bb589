-- One row at least of everything that there is after step 0020.

insert into paper_keys (id, account_id, recovery_user_id, number, secret_hash, issued_by, issued_at, remind_at)
    values (x'00000000000070008000000000000129', x'00000000000070008000000000000001', x'00000000000070008000000000000121', x'0102030407', zeroblob(32), x'00000000000070008000000000000011', 1764000000000000, 1779552000000000);
