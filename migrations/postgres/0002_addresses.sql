-- A person changes their address.

alter table users
    -- When the address was last changed; null while it is the first one.
    add column email_changed_at timestamptz,
    -- Counts the edits of name and address.
    add column version bigint not null default 1;

-- The addresses of owners, nominees and electors stay as they are. An owner who has not accepted yet is none.
create function users_guard() returns trigger language plpgsql as $$
begin
    if new.email = old.email or new.email_changed_at is null or new.email_changed_at is not distinct from old.email_changed_at then
        raise exception 'an address changes together with the moment of its change';
    end if;
    if exists (select 1 from members where user_id = old.id and owner and status <> 'invited') then
        raise exception 'an owner keeps their address';
    end if;
    if exists (select 1 from cases where nominee = old.id and state in ('collecting', 'waiting', 'paused')) then
        raise exception 'the nominee of an open case keeps their address';
    end if;
    if exists (
        select 1 from electors e join cases c on c.id = e.case_id
        where e.user_id = old.id and e.lost_at is null and c.state in ('collecting', 'waiting', 'paused')
    ) then
        raise exception 'an elector of an open case keeps their address';
    end if;
    return new;
end $$;
create trigger users_guard before update on users for each row
when (new.email <> old.email or new.email_changed_at is distinct from old.email_changed_at) execute function users_guard();

-- Where a person counts, and where they are nominated, is asked before their address changes.
create index roster_user on roster (user_id);
create index cases_nominee on cases (nominee) where state in ('collecting', 'waiting', 'paused');

-- Electors whose address had changed too recently vote signed in, and in no other way.
alter table electors add column signed_in_only boolean not null default false;

create or replace function electors_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'the electorate never changes';
    end if;
    if new.case_id <> old.case_id or new.user_id <> old.user_id or new.signed_in_only <> old.signed_in_only
        or old.lost_at is not null then
        raise exception 'the electorate never changes, and a lost ballot never comes back';
    end if;
    return new;
end $$;

create function ballots_guard() returns trigger language plpgsql as $$
begin
    if exists (select 1 from electors where case_id = new.case_id and user_id = new.user_id and signed_in_only) then
        raise exception 'an elector whose address changed too recently casts no ballot by mail';
    end if;
    return new;
end $$;
create trigger ballots_guard before insert or update on ballots for each row
when (new.way <> 'signed_in') execute function ballots_guard();

-- A code that goes to an address which a person wants to have. It belongs to the session that asked for it.
alter table codes drop constraint codes_purpose_check;
alter table codes
    add constraint codes_purpose check (purpose in ('sign_in', 'proof', 'link', 'email')),
    add column email text,
    add constraint codes_email check (
        (purpose = 'email') = (email is not null) and (purpose <> 'email' or session_id is not null)
    );
