-- Ballots that are signed with a passkey. SQLite changes no check of a table, so the table is made anew, with its triggers.
drop trigger ballots_by_mail;
drop trigger ballots_by_mail_later;
create table ballots_anew (
    case_id blob not null,
    user_id blob not null,
    account_id blob not null references accounts (id),
    choice text not null check (choice in ('approve', 'reject')),
    way text not null,
    terms_hash blob not null check (length(terms_hash) = 32),
    cast_at integer not null,
    -- While the case is open and the elector holds their ballot.
    live integer not null check (live in (0, 1)),
    primary key (case_id, user_id),
    foreign key (case_id, user_id) references electors (case_id, user_id),
    constraint ballots_way check (way in ('signed_in', 'passkey', 'mail_link', 'plain_mail'))
) strict;
insert into ballots_anew (case_id, user_id, account_id, choice, way, terms_hash, cast_at, live)
    select case_id, user_id, account_id, choice, way, terms_hash, cast_at, live from ballots;
drop table ballots;
alter table ballots_anew rename to ballots;
create unique index ballots_one_approval on ballots (account_id, user_id) where choice = 'approve' and live;

create trigger ballots_by_mail before insert on ballots
when new.way not in ('signed_in', 'passkey') and exists (
    select 1 from electors where case_id = new.case_id and user_id = new.user_id and signed_in_only
)
begin
    select raise(abort, 'an elector whose address changed too recently casts no ballot by mail');
end;
create trigger ballots_by_mail_later before update on ballots
when new.way not in ('signed_in', 'passkey') and exists (
    select 1 from electors where case_id = new.case_id and user_id = new.user_id and signed_in_only
)
begin
    select raise(abort, 'an elector whose address changed too recently casts no ballot by mail');
end;

-- What a passkey signed for the ballot that an elector cast last: canonical JSON, whose hash stands in the activity log.
create table ballot_signatures (
    case_id blob not null,
    user_id blob not null,
    signature text not null,
    primary key (case_id, user_id),
    foreign key (case_id, user_id) references electors (case_id, user_id)
) strict;
