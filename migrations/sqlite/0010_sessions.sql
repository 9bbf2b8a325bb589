-- A session that nobody uses ends early: `expires_at` moves on with its use, and never beyond `until_at`.
alter table sessions add column until_at integer not null default 0;
update sessions set until_at = expires_at;

create trigger sessions_until_begin before insert on sessions
when new.expires_at > new.until_at
begin
    select raise(abort, 'a session ends in the end');
end;
create trigger sessions_until before update on sessions
when new.expires_at > new.until_at or new.until_at <> old.until_at or new.expires_at < old.expires_at
begin
    select raise(abort, 'a session ends in the end');
end;

-- The token that a session had before, for whoever has not yet heard of its new one. It shows nothing.
alter table sessions add column former_hash blob check (former_hash is null or length(former_hash) = 32);
alter table sessions add column former_until integer
    constraint sessions_former check ((former_hash is null) = (former_until is null));
create index sessions_former on sessions (former_hash) where former_hash is not null;
