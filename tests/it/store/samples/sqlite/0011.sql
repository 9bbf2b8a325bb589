-- One row at least of everything that there is after step 0011.

insert into sign_in_requests (id, email, created_at, expires_at, mailed_at, used_at)
    values (x'00000000000070008000000000000111', 'somebody@example.org', 1764000000000000, 1764000600000000, 1764000000000000, null);
