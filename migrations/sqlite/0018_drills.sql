-- A drill that was begun: the key was right, and a code is on its way to whoever holds it. The code stands nowhere: it is derived
-- from the id.
create table drills (
    id blob primary key not null,
    paper_key_id blob not null references paper_keys (id) on delete cascade,
    created_at integer not null,
    expires_at integer not null,
    wrong integer not null default 0,
    used_at integer
) strict;
create index drills_key on drills (paper_key_id);
create index drills_expires on drills (expires_at);

create trigger drills_guard before update on drills
when old.used_at is not null or new.wrong < old.wrong or new.expires_at <> old.expires_at
    or new.paper_key_id <> old.paper_key_id
begin
    select raise(abort, 'a drill ends once, with the key with which it was begun');
end;

-- Wrong tries with the number of a real key: how many the owners have not been told of, and when they will be.
create table key_tries (
    account_id blob primary key not null references accounts (id),
    untold integer not null check (untold >= 0),
    told_at integer not null,
    due_at integer,
    constraint key_tries_due check ((due_at is null) = (untold = 0))
) strict;
create index key_tries_due_at on key_tries (due_at, account_id) where due_at is not null;
