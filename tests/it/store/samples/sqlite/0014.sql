-- One row at least of everything that there is after step 0014.

insert into known_browsers (user_id, token_hash, known_at, used_at, session_id)
    values (x'00000000000070008000000000000011', randomblob(32), 1764000000000000, 1764000000000000, x'00000000000070008000000000000111');
