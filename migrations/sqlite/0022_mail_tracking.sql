-- Mails that come back, claims that were given back untried, and reminders to owners. SQLite changes no check of a table, so
-- the table of mails is made anew.
create table mails_anew (
    id blob primary key not null,
    account_id blob references accounts (id),
    case_id blob references cases (id),
    user_id blob references users (id),
    address text not null,
    recipient text not null,
    kind text not null,
    -- For owner alerts, what happened: the notice that completion asks for is such an alert of the present waiting period.
    event text,
    message text not null,
    link_id blob references links (id),
    status text not null check (status in ('queued', 'accepted', 'bounced', 'undeliverable', 'dropped')),
    -- Counts the claims.
    attempts integer not null,
    created_at integer not null,
    -- When to try (again); null once nothing more is tried.
    next_at integer,
    accepted_at integer,
    last_answer text,
    brand_name text,
    brand_colour text,
    -- When it was reported that it did not arrive, and what the report says.
    bounced_at integer,
    bounce text,
    -- How many of the claims were given back before anything was sent.
    untried integer not null default 0,
    constraint mails_shape check ((status = 'queued') = (next_at is not null)),
    constraint mails_reader check (user_id is not null or account_id is not null),
    constraint mails_bounce check (
        (status = 'bounced') = (bounced_at is not null) and (bounced_at is null) = (bounce is null)
    ),
    constraint mails_untried check (untried between 0 and attempts)
) strict;
insert into mails_anew (id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status, attempts,
        created_at, next_at, accepted_at, last_answer, brand_name, brand_colour)
    select id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status, attempts,
        created_at, next_at, accepted_at, last_answer, brand_name, brand_colour
    from mails;
drop table mails;
alter table mails_anew rename to mails;
create index mails_next on mails (next_at) where next_at is not null;
create index mails_case on mails (case_id, id) where case_id is not null;
create index mails_account on mails (account_id, id) where account_id is not null;
create index mails_user on mails (user_id, id);
create index mails_event on mails (event) where event is not null and case_id is null;
-- The newest mail to an address of theirs tells whether mail reaches them.
create index mails_address on mails (address, id) where user_id is null;

create trigger mails_guard before update on mails when old.status = 'bounced' and new.status <> 'bounced'
begin
    select raise(abort, 'a mail that came back did not arrive');
end;

-- How many of the reminders before the present due moment have gone out to the owners.
alter table cases add column warned integer not null default 0 check (warned between 0 and 2);
-- Cases that wait already are looked at once, and owe their owners what is due.
update cases set wake_at = since_at where state = 'waiting';
create trigger cases_warned before update on cases
when new.warned < old.warned and new.since_at is old.since_at and new.due_at is old.due_at
begin
    select raise(abort, 'owners are reminded once of each moment');
end;
