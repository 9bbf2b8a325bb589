-- One row at least of everything that there is after step 0014.

insert into known_browsers (user_id, token_hash, known_at, used_at, session_id)
    values ('00000000-0000-7000-8000-000000000011', sha256('a browser'), to_timestamp(1764000000), to_timestamp(1764000000), '00000000-0000-7000-8000-000000000111');
