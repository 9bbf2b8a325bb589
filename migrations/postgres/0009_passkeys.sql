-- Passkeys, beside what a credential is anyway: its `secret` is the public key, with what was said when it was made.

create table passkeys (
    credential_id uuid primary key references credentials (id) on delete cascade,
    -- By what its device knows it.
    handle bytea not null check (length(handle) between 1 and 1023),
    -- How often it has signed, as it last said; always 0 where it does not count.
    signatures bigint not null check (signatures >= 0),
    -- Whether it is kept elsewhere too, or other devices of its holder have it.
    shared boolean not null
);
create unique index passkeys_handle on passkeys (handle);

create function passkeys_guard() returns trigger language plpgsql as $$
begin
    if new.credential_id <> old.credential_id or new.handle <> old.handle or new.signatures < old.signatures then
        raise exception 'a passkey never changes, and never signed less often';
    end if;
    return new;
end $$;
create trigger passkeys_guard before update on passkeys for each row execute function passkeys_guard();

-- Ceremonies that were brought to their end. A challenge follows from the id of its ceremony, so that nothing is kept of
-- those that nobody ends, and no answer is taken twice.
create table ended_ceremonies (
    id uuid primary key,
    ended_at timestamptz not null
);
create index ended_ceremonies_age on ended_ceremonies (ended_at);
