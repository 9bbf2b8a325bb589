-- Ballots that are signed with a passkey.
alter table ballots drop constraint ballots_way_check;
alter table ballots add constraint ballots_way check (way in ('signed_in', 'passkey', 'mail_link', 'plain_mail'));
drop trigger ballots_guard on ballots;
create trigger ballots_guard before insert or update on ballots for each row
when (new.way not in ('signed_in', 'passkey')) execute function ballots_guard();

-- What a passkey signed for the ballot that an elector cast last: canonical JSON, whose hash stands in the activity log.
create table ballot_signatures (
    case_id uuid not null,
    user_id uuid not null,
    signature text not null,
    primary key (case_id, user_id),
    foreign key (case_id, user_id) references electors (case_id, user_id)
);
