-- One row at least of everything that there is after step 0010.

insert into sessions (id, user_id, token_hash, created_at, expires_at, until_at)
    values (x'00000000000070008000000000000101', x'00000000000070008000000000000011', randomblob(32), 1764000000000000, 1764007200000000, 1764043200000000);
