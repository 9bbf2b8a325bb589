-- Accounts in a tree, and everything that owners make of one.

-- SQLite changes a column's check only together with the column.
alter table accounts rename column status to status_before;
alter table accounts add column status text not null default 'pending'
    constraint accounts_status check (status in ('pending', 'active', 'suspended', 'closing', 'closed'));
update accounts set status = status_before;
alter table accounts drop column status_before;

-- When an account that is being closed is closed for good.
alter table accounts add column closing_until integer
    constraint accounts_closing check ((status = 'closing') = (closing_until is not null));
alter table accounts add column parent_id blob references accounts (id)
    constraint accounts_parent check (parent_id <> id);
-- How many accounts stand above it.
alter table accounts add column depth integer not null default 0
    constraint accounts_depth check (depth between 0 and 8 and (depth = 0) = (parent_id is null));
-- What others file it under: a project number, a contract.
alter table accounts add column reference text
    constraint accounts_reference check (length(reference) between 1 and 80);
alter table accounts add column primary_owner blob references users (id);

create index accounts_children on accounts (parent_id, id) where parent_id is not null;
create index accounts_closing on accounts (closing_until) where closing_until is not null;

-- A parent is chosen once, among accounts that are there already. So none ever stands below itself.
create trigger accounts_place_insert before insert on accounts when new.parent_id is not null
    and new.depth <> (select depth + 1 from accounts where id = new.parent_id)
begin
    select raise(abort, 'an account stands one level below its parent');
end;
create trigger accounts_place_update before update of id, parent_id, depth on accounts
when new.id is not old.id or new.parent_id is not old.parent_id or new.depth is not old.depth
begin
    select raise(abort, 'an account never moves');
end;

create trigger accounts_status_update before update of status on accounts
when (old.status = 'closed' and new.status <> 'closed') or (new.status = 'pending' and old.status <> 'pending')
begin
    select raise(abort, 'what is closed stays so, and nothing begins twice');
end;
-- While a case is open an owner ends it by a veto, in the open, and not by taking the account away.
create trigger accounts_status_case before update of status on accounts
when new.status in ('suspended', 'closing', 'closed') and new.status <> old.status and exists (
    select 1 from cases where account_id = new.id and state in ('collecting', 'waiting', 'paused')
)
begin
    select raise(abort, 'an account is neither suspended nor closed while a case is open');
end;
create trigger cases_account_open before insert on cases
when (select status from accounts where id = new.account_id) in ('pending', 'closed')
begin
    select raise(abort, 'a case opens in an account that has begun and is not closed');
end;
