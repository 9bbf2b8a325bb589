//! One sample of every mail, and of every variant of its words.

use jiff::SignedDuration;
use quorate::{
    activity::log::checkpoint::Checkpoint,
    hash::Hash,
    id::{CodeId, LinkId},
    id::{Id, Kind},
    inbound::refused::{Refused, Unclear},
    mail::{
        facts::{
            AccountFacts, Actor, BallotAct, CaseEvent, CaseFacts, CaseKind, Invitee, KeyFacts, KeyReader, LinkUse,
            NewOwnership, Person, ProofUse, Reader, Rejection, RosterEvent, Standing, StatusNews, TransferEvent,
            TransferReader, Wanting,
        },
        message::Message,
        render::{Letterhead, Recipient, Rendered, Reveal, render},
        sign_in_facts::{PasskeyNews, PasswordNews, SignInWay},
    },
    moment::Moment,
    ownership::readiness_reasons::{Reason, Shortage},
    recovery::policy::Switch,
    zone::Zone,
};
use uuid::Uuid;

mod settings;

pub struct Sample;

impl Reveal for Sample {
    fn code(&self, _: CodeId) -> String {
        "48151623".to_owned()
    }

    fn key_code(&self, _: CodeId) -> String {
        "4815 1623 4210 8108".to_owned()
    }

    fn link(&self, _: LinkId) -> String {
        "https://quorate.example/link#dGhpcyBpcyBub3QgYSB0b2tlbg".to_owned()
    }

    fn answer_address(&self, _: LinkId) -> Option<String> {
        Some("votes+01h455vb4pex5vsknk084sn02qdgqggzjanfzsa3tvorzwc4zr@quorate.example".to_owned())
    }

    fn recovery_link(&self, _: CodeId) -> String {
        "https://quorate.example/recovery-address/link#dGhpcyBpcyBub3QgYSB0b2tlbg".to_owned()
    }

    fn sign_in_link(&self, _: CodeId) -> String {
        "https://quorate.example/sign-in/link#dGhpcyBpcyBub3QgYSB0b2tlbg".to_owned()
    }
}

pub fn office() -> Letterhead {
    let log = "quorate.example/log".parse().unwrap();
    let checkpoint = Checkpoint { origin: log, size: 48_211, root: Hash::of("a root") };
    Letterhead {
        service: "Quorate".to_owned(),
        public_url: "https://quorate.example".to_owned(),
        checkpoint: Some(checkpoint),
    }
}

pub fn rendered(message: &Message) -> Rendered {
    rendered_in(message, Zone::default())
}

/// The same for somebody who lives in that zone.
pub fn rendered_in(message: &Message, zone: Zone) -> Rendered {
    render(message, &Recipient { name: "Administrator Two".to_owned(), zone }, &office(), &Sample).unwrap()
}

pub fn id<K: Kind>(number: u128) -> Id<K> {
    Id::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number))
}

pub fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

pub fn person(name: &str) -> Person {
    let first = name.split(' ').next().unwrap().to_lowercase();
    Person { name: name.to_owned(), address: format!("{first}@acme.example") }
}

pub fn account() -> AccountFacts {
    AccountFacts { id: id(1), name: "Example Account".to_owned() }
}

pub fn case() -> CaseFacts {
    CaseFacts {
        id: id(2),
        account: account(),
        kind: CaseKind::Replace,
        opener: person("Administrator One"),
        nominee: person("Nominee One"),
        owners: vec![person("Owner One")],
        statement: "Olga left the company in September.\nHer phone and her mailbox are gone.".to_owned(),
        electorate: 5,
        required: 3,
        approvals: 1,
        opened_at: at("2026-11-22T14:05:00Z"),
        closes_at: at("2026-12-06T14:05:00Z"),
        due_at: None,
        waiting_period: SignedDuration::from_hours(72),
        keys: None,
    }
}

/// A case that a paper key has opened.
fn by_keys() -> CaseFacts {
    CaseFacts {
        opener: Person { name: "Rita Rossi".to_owned(), address: String::new() },
        electorate: 0,
        required: 0,
        approvals: 0,
        keys: Some(KeyFacts { redeemed: 1, required: 2 }),
        ..case()
    }
}

fn decided() -> CaseFacts {
    CaseFacts { approvals: 3, due_at: Some(due()), ..case() }
}

fn due() -> Moment {
    at("2026-11-27T09:30:00Z")
}

/// Every kind of mail, under the name of its snapshot.
pub fn all() -> Vec<(String, Message)> {
    let now = at("2026-11-24T09:30:00Z");
    let link = id(4);
    let by = || Actor::Person(person("Administrator One"));
    let mut mails = single();
    mails.extend(of_owners());
    mails.extend(refused());
    mails.extend(addresses());
    for (name, news, by) in [
        ("suspended", StatusNews::Suspended, Some(by())),
        ("resumed", StatusNews::Resumed, Some(by())),
        ("closing", StatusNews::Closing { until: at("2026-12-01T09:30:00Z") }, Some(by())),
        ("kept", StatusNews::Kept, Some(by())),
        ("kept_by_recovery", StatusNews::Kept, None),
        ("closed", StatusNews::Closed, None),
    ] {
        let message = Message::AccountStatus { account: account(), news, by, at: now };
        mails.push((format!("account_status-{name}"), message));
    }
    for (name, invitee, role) in [
        ("first_owner", Invitee::FirstOwner, "Administrator"),
        ("administrator", Invitee::Administrator, "Administrator"),
        ("member", Invitee::Member, "Read Only"),
    ] {
        let inviter = (invitee != Invitee::FirstOwner).then(|| person("Owner One"));
        let message = Message::Invitation { account: account(), inviter, role: role.to_owned(), invitee, link };
        mails.push((format!("invitation-{name}"), message));
    }
    for (name, how) in [
        ("recovered", NewOwnership::Recovered(Box::new(decided()))),
        ("granted", NewOwnership::Granted { by: person("Owner One") }),
        ("transferred", NewOwnership::Transferred { by: person("Owner One") }),
        ("first", NewOwnership::First),
    ] {
        mails.push((
            format!("new_owner_welcome-{name}"),
            Message::NewOwnerWelcome { account: account(), how, at: due(), enrol: None },
        ));
    }
    mails.extend(of_keys(now, link));
    for (name, reader, event) in transfers() {
        let (from, to) = (person("Owner One"), person("Nominee One"));
        let alert = Message::TransferAlert { account: account(), reader, event, from, to, at: now };
        mails.push((format!("transfer_alert-{name}"), alert));
    }
    for (name, event) in events() {
        let waits = matches!(
            event,
            CaseEvent::Quorum { .. } | CaseEvent::Reminder { .. } | CaseEvent::Paused { pauses_left: 1.., .. }
        );
        let facts = if name == "opened" { case() } else { decided() };
        let pause = waits.then_some(link);
        mails.push((
            format!("owner_alert-{name}"),
            Message::OwnerAlert { case: facts.clone(), event: event.clone(), at: now, pause },
        ));
        mails.push((format!("case_outcome-{name}"), Message::CaseOutcome { case: facts, event, at: now }));
    }
    for (name, reader, event, actor, standing, contest) in roster(&by()) {
        let change = Message::RosterChanged {
            account: account(),
            reader,
            event,
            person: if matches!(reader, Reader::Concerned) {
                person("Administrator Two")
            } else {
                person("Administrator Three")
            },
            by: actor,
            at: now,
            standing,
            contest: contest.then_some(link),
        };
        mails.push((format!("roster_changed-{name}"), change));
    }
    mails
}

fn transfers() -> Vec<(&'static str, TransferReader, TransferEvent)> {
    use TransferReader::{Member, Owner};
    let taken_back = || TransferEvent::TakenBack { by: person("Owner Two") };
    vec![
        ("offered", Owner, TransferEvent::Offered { expires_at: due() }),
        ("accepted", Owner, TransferEvent::Accepted),
        ("declined", Owner, TransferEvent::Declined),
        ("taken_back", Owner, taken_back()),
        ("taken_back-member", Member, taken_back()),
        ("offerer_no_owner", Owner, TransferEvent::OffererNoOwner),
        ("member_unfit", Owner, TransferEvent::MemberUnfit),
        ("recovered-member", Member, TransferEvent::Recovered),
        ("expired", Owner, TransferEvent::Expired),
        ("expired-member", Member, TransferEvent::Expired),
    ]
}

/// What is mailed about a case that paper keys have opened.
fn of_keys(now: Moment, link: LinkId) -> Vec<(String, Message)> {
    let how = NewOwnership::Recovered(Box::new(by_keys()));
    let welcome = Message::NewOwnerWelcome { account: account(), how, at: due(), enrol: Some(link) };
    let mut mails = vec![
        ("new_owner_welcome-by_keys".to_owned(), welcome),
        ("nomination".to_owned(), Message::Nomination { case: by_keys(), link }),
    ];
    let (vetoed, quorum) = (CaseEvent::Vetoed { by: person("Owner One") }, CaseEvent::Quorum { due_at: due() });
    for (name, reader, event) in [
        ("holder_quorum", KeyReader::Holder, quorum.clone()),
        ("holder_vetoed", KeyReader::Holder, vetoed.clone()),
        ("holder_completed", KeyReader::Holder, CaseEvent::Completed),
        ("nominee_quorum", KeyReader::Nominee, quorum.clone()),
        ("nominee_vetoed", KeyReader::Nominee, vetoed),
        ("nominee_expired", KeyReader::Nominee, CaseEvent::Expired),
    ] {
        let link = (name == "nominee_quorum").then_some(link);
        let news = Message::KeyCaseNews { case: by_keys(), event, reader, at: now, link };
        mails.push((format!("key_case_news-{name}"), news));
    }
    for (name, event) in [("opened", CaseEvent::Opened), ("quorum", quorum)] {
        let alert = Message::OwnerAlert { case: by_keys(), event, at: now, pause: None };
        mails.push((format!("owner_alert-by_keys_{name}"), alert));
    }
    mails
}

fn events() -> Vec<(&'static str, CaseEvent)> {
    let by = person("Owner One");
    vec![
        ("opened", CaseEvent::Opened),
        ("quorum", CaseEvent::Quorum { due_at: due() }),
        ("paused", CaseEvent::Paused { by: by.clone(), due_at: due(), pauses_left: 1 }),
        ("paused_last", CaseEvent::Paused { by: by.clone(), due_at: due(), pauses_left: 0 }),
        ("back_to_collecting", CaseEvent::BackToCollecting),
        ("resumed", CaseEvent::Resumed { due_at: due() }),
        ("reminder", CaseEvent::Reminder { due_at: due() }),
        ("extended", CaseEvent::Extended { due_at: due() }),
        ("completed", CaseEvent::Completed),
        ("vetoed", CaseEvent::Vetoed { by }),
        ("expired", CaseEvent::Expired),
        ("rejected", CaseEvent::Rejected { reason: Rejection::OutOfReach }),
        ("withdrawn", CaseEvent::Withdrawn),
    ]
}

type RosterSample = (&'static str, Reader, RosterEvent, Actor, Standing, bool);

fn roster(by: &Actor) -> Vec<RosterSample> {
    let until = at("2026-12-01T09:30:00Z");
    let by = || by.clone();
    let week = SignedDuration::from_hours(7 * 24);
    vec![
        ("suspended-concerned", Reader::Concerned, RosterEvent::Suspended, by(), Standing::Until { until }, true),
        (
            "suspended-administrator",
            Reader::Administrator,
            RosterEvent::Suspended,
            by(),
            Standing::Until { until },
            true,
        ),
        ("role_taken-owner", Reader::Owner, RosterEvent::RoleTaken, by(), Standing::Until { until }, false),
        ("added-concerned", Reader::Concerned, RosterEvent::Added, by(), Standing::From { from: until }, false),
        (
            "added-owner",
            Reader::Owner,
            RosterEvent::Added,
            by(),
            Standing::NeedsConfirmation { seasoning: week },
            false,
        ),
        ("removed-administrator", Reader::Administrator, RosterEvent::Removed, Actor::Operator, Standing::Ended, false),
        ("left-owner", Reader::Owner, RosterEvent::Left, Actor::Themselves, Standing::Ended, false),
        ("contested-owner", Reader::Owner, RosterEvent::RemovalContested, by(), Standing::UntilConfirmed, false),
        (
            "added_by_product-administrator",
            Reader::Administrator,
            RosterEvent::Added,
            Actor::Platform { token: "onboarding".to_owned() },
            Standing::NeedsConfirmation { seasoning: week },
            false,
        ),
        ("removal_confirmed-concerned", Reader::Concerned, RosterEvent::RemovalConfirmed, by(), Standing::Ended, false),
        (
            "confirmed-administrator",
            Reader::Administrator,
            RosterEvent::AdditionConfirmed,
            by(),
            Standing::From { from: until },
            false,
        ),
        ("restored-concerned", Reader::Concerned, RosterEvent::Restored, by(), Standing::Now, false),
    ]
}

/// Mails that came in and do not count.
fn refused() -> Vec<(String, Message)> {
    let now = at("2026-11-24T09:30:00Z");
    vec![
        (
            "mail_refused-case".to_owned(),
            Message::MailRefused {
                account: Some(account()),
                case: Some(case().id),
                why: Refused::BeforeTheCase { opened_at: now }.to_string(),
                at: now,
            },
        ),
        (
            "mail_refused-unclear".to_owned(),
            Message::MailRefused {
                account: None,
                case: None,
                why: Refused::from(Unclear::NoVote).to_string(),
                at: now,
            },
        ),
    ]
}

/// The kinds of mail that need one sample.
fn single() -> Vec<(String, Message)> {
    let now = at("2026-11-24T09:30:00Z");
    let (code, link) = (id(3), id(4));
    vec![
        ("sign_in_code".to_owned(), Message::SignInCode { code, minutes: 10 }),
        ("proof_code".to_owned(), Message::ProofCode { code, minutes: 10, what: ProofUse::Veto }),
        ("link_code".to_owned(), Message::LinkCode { code, minutes: 10, what: LinkUse::Ballot, account: account() }),
        (
            "drill_code".to_owned(),
            Message::DrillCode { code, minutes: 10, account: account(), number: "7K2M-9QXT".to_owned() },
        ),
        (
            "key_code".to_owned(),
            Message::KeyCode { code, minutes: 30, account: account(), number: "7K2M-9QXT".to_owned() },
        ),
        (
            "ballot_request-link".to_owned(),
            Message::BallotRequest { case: case(), link: Some(link), answer: None, address_changed: None },
        ),
        (
            "ballot_request-signed_in".to_owned(),
            Message::BallotRequest { case: case(), link: None, answer: None, address_changed: None },
        ),
        (
            "ballot_request-add".to_owned(),
            Message::BallotRequest {
                case: CaseFacts {
                    kind: CaseKind::Add,
                    owners: vec![person("Owner One"), person("Owner Two")],
                    statement: String::new(),
                    ..case()
                },
                link: None,
                answer: None,
                address_changed: None,
            },
        ),
        (
            "ballot_request-answer".to_owned(),
            Message::BallotRequest { case: case(), link: Some(link), answer: Some(link), address_changed: None },
        ),
        (
            "ballot_request-answer_only".to_owned(),
            Message::BallotRequest { case: case(), link: None, answer: Some(link), address_changed: None },
        ),
        (
            "ballot_request-held".to_owned(),
            Message::BallotRequest {
                case: case(),
                link: None,
                answer: None,
                address_changed: Some(at("2026-11-21T08:00:00Z")),
            },
        ),
        (
            "ballot_reminder".to_owned(),
            Message::BallotReminder { case: case(), link: Some(link), answer: None, address_changed: None },
        ),
        ("ballot_receipt".to_owned(), Message::BallotReceipt { case: case(), act: BallotAct::Approved, at: now, link }),
        (
            "ballot_reminder-answer".to_owned(),
            Message::BallotReminder { case: case(), link: Some(link), answer: Some(link), address_changed: None },
        ),
        ("replaced_owner".to_owned(), Message::ReplacedOwner { case: decided(), at: due() }),
        ("readiness_digest".to_owned(), digest(now)),
    ]
}

/// Those about owners, beside the alerts about offers.
fn of_owners() -> Vec<(String, Message)> {
    let now = at("2026-11-24T09:30:00Z");
    let link = id(4);
    vec![
        (
            "owners_changed-granted".to_owned(),
            Message::OwnersChanged {
                account: account(),
                added: vec![person("Nominee One")],
                removed: vec![],
                primary: None,
                by: Actor::Person(person("Owner One")),
                at: now,
            },
        ),
        (
            "owners_changed-revoked".to_owned(),
            Message::OwnersChanged {
                account: account(),
                added: vec![],
                removed: vec![person("Nominee One")],
                primary: None,
                by: Actor::Themselves,
                at: now,
            },
        ),
        (
            "owners_changed-primary".to_owned(),
            Message::OwnersChanged {
                account: account(),
                added: vec![],
                removed: vec![person("Owner One")],
                primary: Some(person("Nominee One")),
                by: Actor::Person(person("Owner Two")),
                at: now,
            },
        ),
        (
            "transfer_request".to_owned(),
            Message::TransferRequest {
                account: account(),
                from: person("Owner One"),
                at: now,
                expires_at: due(),
                link,
            },
        ),
    ]
    .into_iter()
    .chain(settings::samples())
    .chain(switched(now))
    .collect()
}

/// The weekly mail turned off and on.
fn switched(at: Moment) -> [(String, Message); 2] {
    [Switch::Off, Switch::On].map(|wanted| {
        let message = Message::DigestSwitched { account: account(), wanted, by: person("Owner One"), at };
        (format!("digest_switched-{}", if wanted == Switch::On { "on" } else { "off" }), message)
    })
}

fn digest(at: Moment) -> Message {
    let wanting = |reason: &Reason| Wanting { what: reason.sentence(), remedy: reason.remedy().to_owned() };
    let shortage = Shortage { have: 1, want: 2 };
    let reasons = [Reason::NobodyCouldRecover, Reason::VoteUnreachable(shortage), Reason::FewOwners(shortage)];
    Message::ReadinessDigest { account: account(), score: 35, wanting: reasons.iter().map(wanting).collect(), at }
}

/// Those about a person's own address.
fn addresses() -> Vec<(String, Message)> {
    let now = at("2026-11-24T09:30:00Z");
    let (old, new) = ("two@acme.example".to_owned(), "two@new.example".to_owned());
    vec![
        ("email_code".to_owned(), Message::EmailCode { code: id(3), minutes: 10 }),
        ("email_taken".to_owned(), Message::EmailTaken { at: now }),
        ("password_changed-first".to_owned(), Message::PasswordChanged { news: PasswordNews::First, at: now }),
        ("password_changed-set".to_owned(), Message::PasswordChanged { news: PasswordNews::Set, at: now }),
        ("password_changed-by_mail".to_owned(), Message::PasswordChanged { news: by_mail(None), at: now }),
        (
            "password_changed-by_mail-beside".to_owned(),
            Message::PasswordChanged { news: by_mail(Some(at("2026-12-08T09:30:00Z"))), at: now },
        ),
        ("password_changed-removed".to_owned(), Message::PasswordChanged { news: PasswordNews::Removed, at: now }),
        ("signed_in-mail".to_owned(), Message::SignedIn { way: SignInWay::Mail, at: now }),
        ("signed_in-password".to_owned(), Message::SignedIn { way: SignInWay::Password, at: now }),
        ("signed_in-passkey".to_owned(), Message::SignedIn { way: SignInWay::Passkey, at: now }),
        ("signed_in-provider".to_owned(), Message::SignedIn { way: SignInWay::Provider, at: now }),
        ("member_password_changed-first".to_owned(), member_password(PasswordNews::First)),
        ("member_password_changed-set".to_owned(), member_password(PasswordNews::Set)),
        ("member_password_changed-by_mail".to_owned(), member_password(by_mail(None))),
        ("member_password_changed-removed".to_owned(), member_password(PasswordNews::Removed)),
        ("passkey_changed-added".to_owned(), passkey(PasskeyNews::Added { claimed_until: None })),
        (
            "passkey_changed-by_mail".to_owned(),
            passkey(PasskeyNews::Added { claimed_until: Some(at("2026-12-08T09:30:00Z")) }),
        ),
        ("passkey_changed-removed".to_owned(), passkey(PasskeyNews::Removed)),
        ("passkey_changed-copied".to_owned(), passkey(PasskeyNews::Copied)),
        ("member_passkey_changed-added".to_owned(), member_passkey(PasskeyNews::Added { claimed_until: None })),
        (
            "member_passkey_changed-by_mail".to_owned(),
            member_passkey(PasskeyNews::Added { claimed_until: Some(at("2026-12-08T09:30:00Z")) }),
        ),
        ("member_passkey_changed-removed".to_owned(), member_passkey(PasskeyNews::Removed)),
        ("member_passkey_changed-copied".to_owned(), member_passkey(PasskeyNews::Copied)),
        ("email_changed".to_owned(), Message::EmailChanged { address: old.clone(), at: now }),
        ("email_confirmed".to_owned(), Message::EmailConfirmed { address: new.clone(), at: now }),
        (
            "administrator_email_changed".to_owned(),
            Message::AdministratorEmailChanged {
                account: account(),
                person: Person { name: "Administrator Two".to_owned(), address: new },
                before: old,
                at: now,
                until: at("2026-12-01T09:30:00Z"),
            },
        ),
    ]
}

fn by_mail(earlier_until: Option<Moment>) -> PasswordNews {
    PasswordNews::SetByMail { earlier_until, claimed_until: at("2026-12-08T09:30:00Z") }
}

fn passkey(news: PasskeyNews) -> Message {
    Message::PasskeyChanged { name: "Blue key".to_owned(), news, at: at("2026-11-24T09:30:00Z") }
}

fn member_passkey(news: PasskeyNews) -> Message {
    let person = Person { name: "Administrator Two".to_owned(), address: "two@acme.example".to_owned() };
    Message::MemberPasskeyChanged { account: account(), person, news, at: at("2026-11-24T09:30:00Z") }
}

fn member_password(news: PasswordNews) -> Message {
    let person = Person { name: "Administrator Two".to_owned(), address: "two@acme.example".to_owned() };
    Message::MemberPasswordChanged { account: account(), person, news, at: at("2026-11-24T09:30:00Z") }
}
