-- Accounts in a tree, and everything that owners make of one.

-- The column moves to the end, as on SQLite, where its check cannot be changed without it.
alter table accounts rename column status to status_before;
alter table accounts add column status text not null default 'pending'
    constraint accounts_status check (status in ('pending', 'active', 'suspended', 'closing', 'closed'));
update accounts set status = status_before;
alter table accounts drop column status_before;

-- When an account that is being closed is closed for good.
alter table accounts add column closing_until timestamptz
    constraint accounts_closing check ((status = 'closing') = (closing_until is not null));
alter table accounts add column parent_id uuid references accounts (id)
    constraint accounts_parent check (parent_id <> id);
-- How many accounts stand above it.
alter table accounts add column depth bigint not null default 0
    constraint accounts_depth check (depth between 0 and 8 and (depth = 0) = (parent_id is null));
-- What others file it under: a project number, a contract.
alter table accounts add column reference text
    constraint accounts_reference check (length(reference) between 1 and 80);
alter table accounts add column primary_owner uuid references users (id);

create index accounts_children on accounts (parent_id, id) where parent_id is not null;
create index accounts_closing on accounts (closing_until) where closing_until is not null;

-- A parent is chosen once, among accounts that are there already. So none ever stands below itself.
create function accounts_place() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        if new.id is distinct from old.id or new.parent_id is distinct from old.parent_id
            or new.depth is distinct from old.depth
        then
            raise exception 'an account never moves';
        end if;
    elsif new.parent_id is not null and new.depth <> (select a.depth + 1 from accounts a where a.id = new.parent_id) then
        raise exception 'an account stands one level below its parent';
    end if;
    return new;
end $$;
create trigger accounts_place_insert before insert on accounts for each row execute function accounts_place();
create trigger accounts_place_update before update of id, parent_id, depth on accounts
    for each row execute function accounts_place();

create function accounts_status() returns trigger language plpgsql as $$
begin
    if (old.status = 'closed' and new.status <> 'closed') or (new.status = 'pending' and old.status <> 'pending') then
        raise exception 'what is closed stays so, and nothing begins twice';
    end if;
    -- While a case is open an owner ends it by a veto, in the open, and not by taking the account away.
    if new.status in ('suspended', 'closing', 'closed') and new.status <> old.status and exists (
        select 1 from cases c where c.account_id = new.id and c.state in ('collecting', 'waiting', 'paused')
    ) then
        raise exception 'an account is neither suspended nor closed while a case is open';
    end if;
    return new;
end $$;
create trigger accounts_status_update before update of status on accounts
    for each row execute function accounts_status();

create function cases_account_open() returns trigger language plpgsql as $$
begin
    if (select a.status from accounts a where a.id = new.account_id) in ('pending', 'closed') then
        raise exception 'a case opens in an account that has begun and is not closed';
    end if;
    return new;
end $$;
create trigger cases_account_open before insert on cases for each row execute function cases_account_open();
