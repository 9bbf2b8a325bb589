-- One row at least of everything that there is after step 0010.

insert into sessions (id, user_id, token_hash, created_at, expires_at, until_at)
    values ('00000000-0000-7000-8000-000000000101', '00000000-0000-7000-8000-000000000011', sha256('another token'), to_timestamp(1764000000), to_timestamp(1764007200), to_timestamp(1764043200));
