-- A session that nobody uses ends early: `expires_at` moves on with its use, and never beyond `until_at`.
alter table sessions add column until_at timestamptz;
update sessions set until_at = expires_at;
alter table sessions
    alter column until_at set not null,
    add constraint sessions_until check (expires_at <= until_at);

create function sessions_until() returns trigger language plpgsql as $$
begin
    if new.until_at <> old.until_at or new.expires_at < old.expires_at then
        raise exception 'a session ends in the end';
    end if;
    return new;
end $$;
create trigger sessions_until before update on sessions for each row execute function sessions_until();

-- The token that a session had before, for whoever has not yet heard of its new one. It shows nothing.
alter table sessions
    add column former_hash bytea check (former_hash is null or length(former_hash) = 32),
    add column former_until timestamptz,
    add constraint sessions_former check ((former_hash is null) = (former_until is null));
create index sessions_former on sessions (former_hash) where former_hash is not null;
