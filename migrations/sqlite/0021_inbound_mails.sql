-- Mails that came in to vote, and what became of each. What they said is not kept: a ballot says it.
create table inbound_mails (
    id blob primary key not null,
    received_at integer not null,
    -- Whose it says it is, and its name, as far as they could be read.
    sender text,
    message_id text,
    -- What makes it this mail; kept of those whose sender is proven, each of which is judged once.
    fingerprint blob check (length(fingerprint) = 32),
    verdict text not null check (verdict in ('counted', 'refused')),
    reason text,
    detail text,
    account_id blob references accounts (id),
    case_id blob references cases (id),
    -- When its sender was written to, saying why it was refused.
    answered_at integer,
    constraint inbound_mails_shape check (
        (verdict = 'counted' and reason is null and detail is null and answered_at is null
            and sender is not null and fingerprint is not null and account_id is not null and case_id is not null)
        or (verdict = 'refused' and reason is not null and detail is not null)
    ),
    -- Nobody is written to whose address a mail only claims.
    constraint inbound_mails_answer check (answered_at is null or (sender is not null and fingerprint is not null))
) strict;
-- A mail is judged once, and so is a name of its sender's.
create unique index inbound_mails_once on inbound_mails (fingerprint) where fingerprint is not null;
create unique index inbound_mails_name on inbound_mails (sender, message_id)
    where fingerprint is not null and message_id is not null;
create index inbound_mails_answered on inbound_mails (sender, answered_at) where answered_at is not null;
create index inbound_mails_refused on inbound_mails (received_at) where verdict = 'refused';

create trigger inbound_mails_guard before update on inbound_mails
begin
    select raise(abort, 'what became of a mail stays as it was');
end;
create trigger inbound_mails_stay before delete on inbound_mails when old.verdict = 'counted'
begin
    select raise(abort, 'a mail that counted stays');
end;
