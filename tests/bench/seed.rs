//! Accounts as they are after a year of use: people, cases that have ended, their ballots, mails and activity entries, and
//! one open case each. Every row is one that the service could have written; `quorate audit verify` says so.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use quorate::{
    activity::{
        chain::{self, Head},
        entry::Draft,
    },
    app::record,
    moment::Moment,
    ownership::{
        actor::Actor,
        preset::{Preset, Presets},
        readiness::DIGEST_EVERY,
    },
    recovery::{
        ballot::{Ballot, Choice, Elector},
        case::{Case, Extension, Opener, State},
        event::Event,
        policy::BallotWay,
        terms::{Kind, Person, Route, Terms, TermsHash},
    },
};

use super::{
    numbers::{self, VOTERS},
    report::say,
    rows::{Cell, Flag, Sink},
    seed_mail,
    stopwatch::Stopwatch,
};

/// How much to make.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub accounts: u64,
    /// Of them, the first so many have a case whose voting window has passed.
    pub due: u64,
    /// Cases that have ended, for each account: four activity entries and four mails each.
    pub ended_cases: u64,
}

/// Mails at the opening of a case: to the owner and some administrators.
const MAILS: u64 = 4;
/// Accounts whose rows are written together.
const AT_ONCE: u64 = 50;

/// The tables in the order in which they refer to each other, with their columns.
const TABLES: [(&str, &str); 13] = [
    ("users", "id, email, name, confirmed_at, created_at"),
    ("accounts", "id, name, preset, policy, status, created_at, version, head_seq, head_hash"),
    ("readiness_digests", "account_id, wanted, next_at"),
    ("members", "account_id, user_id, role, administrator, status, owner, created_at, version"),
    ("roster", "account_id, user_id, joined, standing, from_at"),
    (
        "cases",
        "id, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at, state, ended_at, \
         pauses, extended, reminders, wake_at, version",
    ),
    ("electors", "case_id, user_id"),
    ("ballots", "case_id, user_id, account_id, choice, way, terms_hash, cast_at, live"),
    ("activity", "account_id, seq, at, kind, actor_id, case_id, user_id, owners, body, hash"),
    ("activity_personal", "account_id, seq, name, salt, value, recorded_at"),
    ("credentials", "id, user_id, kind, secret, enrolled_at"),
    ("sessions", "id, user_id, token_hash, created_at, expires_at, until_at, proven_at, proven_by"),
    (
        "mails",
        "id, account_id, case_id, user_id, address, recipient, kind, message, status, attempts, created_at, \
         accepted_at, last_answer",
    ),
];

/// Fills an empty, migrated database. `now` is the present moment.
pub async fn fill(url: &str, size: Size, now: Moment) {
    let watch = Stopwatch::start();
    let mut sink = Sink::open(url).await;
    for first in (0..size.accounts).step_by(usize::try_from(AT_ONCE).unwrap()) {
        let mut rows = Rows::default();
        for account in first..(first + AT_ONCE).min(size.accounts) {
            Seed::new(account, size, now).write(&mut rows);
        }
        for (table, columns) in TABLES {
            if let Some(rows) = rows.0.remove(table) {
                sink.rows(table, columns, rows).await;
            }
        }
    }
    sink.script("analyze").await;
    sink.close().await;
    say(&format!("Seeded {size:?} in {:.1} s.", watch.passed().as_secs_f64()));
}

/// Rows by table.
#[derive(Default)]
pub struct Rows(BTreeMap<&'static str, Vec<Vec<Cell>>>);

impl Rows {
    pub fn add(&mut self, table: &'static str, row: Vec<Cell>) {
        self.0.entry(table).or_default().push(row);
    }
}

/// One account under way.
struct Seed {
    account: u64,
    size: Size,
    preset: Preset,
    now: Moment,
    head: Head,
    mails: u64,
}

impl Seed {
    fn new(account: u64, size: Size, now: Moment) -> Self {
        let preset = Presets::built_in().unwrap().get("recommended").unwrap().clone();
        Self { account, size, preset, now, head: Head::START, mails: 0 }
    }

    fn is_due(&self) -> bool {
        self.account < self.size.due
    }

    /// Beside the owner. Three where only time acts, so that a case calls for four mails.
    fn administrators(&self) -> u64 {
        if self.is_due() { 3 } else { 7 }
    }

    fn ago(&self, days: i64) -> Moment {
        self.now.before(SignedDuration::from_hours(24 * days))
    }

    fn write(mut self, rows: &mut Rows) {
        let began = self.ago(400);
        for person in 0..=self.administrators() {
            self.seat(rows, person, began);
        }
        let owner = numbers::user(self.account, 0);
        let created = Draft::new("account.created", Actor::Operator { token: None })
            .user(owner)
            .owners([owner].into(), [].into())
            .with("preset", self.preset.name.clone());
        self.record(rows, began, created);
        for number in 0..self.size.ended_cases {
            self.ended_case(rows, number);
        }
        let opened_at = self.ago(if self.is_due() { 20 } else { 1 });
        let case = self.case(numbers::open_case(self.account), opened_at);
        self.open(rows, &case);
        let voters = if self.is_due() { 0 } else { VOTERS };
        for voter in 1..=voters {
            self.ballot(rows, &case, voter, Choice::Reject, opened_at);
        }
        self.save_case(rows, &case);
        let id = numbers::account(self.account);
        rows.add(
            "accounts",
            vec![
                Cell::Id(id.uuid()),
                Cell::Text(format!("Account {}", self.account)),
                Cell::Text(self.preset.name.clone()),
                Cell::Text(serde_json::to_string(&self.preset.policy).unwrap()),
                Cell::Text("active".to_owned()),
                Cell::At(began),
                Cell::Number(1),
                Cell::Number(i64::try_from(self.head.seq).unwrap()),
                Cell::Bytes(self.head.hash.as_bytes().to_vec()),
            ],
        );
        let next_at = self.now.after(DIGEST_EVERY);
        rows.add("readiness_digests", vec![Cell::Id(id.uuid()), Cell::Flag(Flag::Yes), Cell::At(next_at)]);
    }

    fn person(&self, person: u64) -> Person {
        let name = if person == 0 { "Owner".to_owned() } else { format!("Administrator {person}") };
        let email = format!("person{person}@account{}.example", self.account);
        Person { id: numbers::user(self.account, person), name, email }
    }

    fn seat(&self, rows: &mut Rows, number: u64, at: Moment) {
        let person = self.person(number);
        let (account, user) = (Cell::Id(numbers::account(self.account).uuid()), Cell::Id(person.id.uuid()));
        let owner = if number == 0 { Flag::Yes } else { Flag::No };
        rows.add(
            "users",
            vec![user.clone(), Cell::Text(person.email), Cell::Text(person.name), Cell::At(at), Cell::At(at)],
        );
        rows.add(
            "members",
            vec![
                account.clone(),
                user.clone(),
                Cell::Text(self.preset.first_role.clone()),
                Cell::Flag(Flag::Yes),
                Cell::Text("active".to_owned()),
                Cell::Flag(owner),
                Cell::At(at),
                Cell::Number(1),
            ],
        );
        rows.add(
            "roster",
            vec![account, user.clone(), Cell::Flag(Flag::Yes), Cell::Text("stands".to_owned()), Cell::At(at)],
        );
        if number > VOTERS {
            return;
        }
        let voter = self.account * 10 + number;
        let (session, credential) = (numbers::session(voter), Cell::Id(numbers::credential(voter).uuid()));
        let hash = numbers::token_hash(self.account, number).as_bytes().to_vec();
        let until = self.now.after(SignedDuration::from_hours(24 * 30));
        rows.add(
            "credentials",
            vec![
                credential.clone(),
                user.clone(),
                Cell::Text("password".to_owned()),
                // Nobody types it: whoever votes has done so already.
                Cell::Text("$argon2id$".to_owned()),
                Cell::At(at),
            ],
        );
        let began = Cell::At(self.ago(1));
        rows.add(
            "sessions",
            vec![
                Cell::Id(session.uuid()),
                user,
                Cell::Bytes(hash),
                began.clone(),
                Cell::At(until),
                Cell::At(until),
                began,
                credential,
            ],
        );
    }

    fn case(&self, case: quorate::id::CaseId, opened_at: Moment) -> Case {
        let electorate = (1..=self.administrators()).map(|person| numbers::user(self.account, person)).collect();
        let terms = Terms {
            case,
            account: numbers::account(self.account),
            kind: Kind::Replace,
            route: Route::Vote,
            owners: vec![self.person(0)],
            nominee: self.person(self.administrators()),
            policy: self.preset.policy.clone(),
            electorate,
            signed_in_only: BTreeMap::new(),
            required: u32::try_from(self.administrators() / 2 + 1).unwrap(),
            opened_at,
            statement: "The owner has left, and answers neither mail nor telephone.".to_owned(),
        };
        Case {
            terms_hash: TermsHash::of(&terms.canonical().unwrap()),
            opener: Opener::Administrator(numbers::user(self.account, self.administrators())),
            electors: terms.electorate.iter().map(|elector| (*elector, Elector::default())).collect(),
            redeemed: BTreeMap::new(),
            accepted_at: None,
            state: State::Collecting,
            pauses: 0,
            extension: Extension::Unused,
            reminders: 0,
            warned: 0,
            terms,
        }
    }

    fn ended_case(&mut self, rows: &mut Rows, number: u64) {
        let step = i64::try_from(number).unwrap();
        let opened_at = self.ago(390).after(SignedDuration::from_hours(24 * step / 8));
        let mut case = self.case(numbers::ended_case(self.account, number), opened_at);
        self.open(rows, &case);
        for (voter, choice) in [(1, Choice::Approve), (2, Choice::Reject)] {
            self.ballot(rows, &case, voter, choice, opened_at);
        }
        let at = opened_at.after(SignedDuration::from_hours(2));
        case.state = State::Withdrawn { at };
        self.happened(rows, &case, &Event::Withdrawn, self.administrators(), at);
        self.save_case(rows, &case);
    }

    fn open(&mut self, rows: &mut Rows, case: &Case) {
        let at = case.terms.opened_at;
        self.happened(rows, case, &Event::Opened, self.administrators(), at);
        for elector in case.electors.keys() {
            rows.add("electors", vec![Cell::Id(case.id().uuid()), Cell::Id(elector.uuid())]);
        }
        for reader in 0..MAILS {
            let number = self.account * 10_000 + self.mails;
            self.mails += 1;
            seed_mail::opened(rows, number, case, (reader, &self.person(reader)), &self.person(self.administrators()));
        }
    }

    fn ballot(&mut self, rows: &mut Rows, case: &Case, voter: u64, choice: Choice, at: Moment) {
        let elector = numbers::user(self.account, voter);
        let live = if case.id() == numbers::open_case(self.account) { Flag::Yes } else { Flag::No };
        let ballot = Ballot { choice, way: BallotWay::SignedIn, terms_hash: case.terms_hash, cast_at: at };
        let event = Event::BallotCast { elector, choice, way: ballot.way, before: None, signature: None };
        self.happened(rows, case, &event, voter, at);
        rows.add(
            "ballots",
            vec![
                Cell::Id(case.id().uuid()),
                Cell::Id(elector.uuid()),
                Cell::Id(case.terms.account.uuid()),
                Cell::Text(word(choice).to_owned()),
                Cell::Text("signed_in".to_owned()),
                Cell::Bytes(case.terms_hash.as_bytes().to_vec()),
                Cell::At(at),
                Cell::Flag(live),
            ],
        );
    }

    fn save_case(&self, rows: &mut Rows, case: &Case) {
        let ended_at = case.state.ended_at();
        rows.add(
            "cases",
            vec![
                Cell::Id(case.id().uuid()),
                Cell::Id(case.terms.account.uuid()),
                Cell::Id(case.opener.administrator().unwrap().uuid()),
                Cell::Id(case.terms.nominee.id.uuid()),
                Cell::Text("replace".to_owned()),
                Cell::Text(case.terms.canonical().unwrap()),
                Cell::Bytes(case.terms_hash.as_bytes().to_vec()),
                Cell::Number(i64::from(case.terms.required)),
                Cell::At(case.terms.opened_at),
                Cell::At(case.terms.closes_at()),
                Cell::Text(case.state.word().to_owned()),
                ended_at.map_or(Cell::Null, Cell::At),
                Cell::Number(0),
                Cell::Flag(Flag::No),
                Cell::Number(0),
                case.wake_at(self.now).map_or(Cell::Null, Cell::At),
                Cell::Number(1),
            ],
        );
    }

    fn happened(&mut self, rows: &mut Rows, case: &Case, event: &Event, by: u64, at: Moment) {
        let actor = Actor::User { user: numbers::user(self.account, by) };
        self.record(rows, at, record::case_event(case, event, actor));
    }

    fn record(&mut self, rows: &mut Rows, at: Moment, draft: Draft) {
        let account = numbers::account(self.account);
        let mut salt = [7; 16];
        let sealed = chain::seal(account, self.head, at, draft, || {
            salt[0] += 1;
            salt
        })
        .unwrap();
        let seq = i64::try_from(sealed.entry.seq).unwrap();
        let id = |id: Option<uuid::Uuid>| id.map_or(Cell::Null, Cell::Id);
        rows.add(
            "activity",
            vec![
                Cell::Id(account.uuid()),
                Cell::Number(seq),
                Cell::At(at),
                Cell::Text(sealed.entry.kind.clone()),
                id(sealed.entry.actor.person().map(quorate::id::Id::uuid)),
                id(sealed.entry.case.map(quorate::id::Id::uuid)),
                id(sealed.entry.user.map(quorate::id::Id::uuid)),
                Cell::Flag(if sealed.entry.owners.is_some() { Flag::Yes } else { Flag::No }),
                Cell::Text(sealed.body),
                Cell::Bytes(sealed.hash.as_bytes().to_vec()),
            ],
        );
        for (name, (salt, value)) in sealed.personal {
            let cells = vec![
                Cell::Id(account.uuid()),
                Cell::Number(seq),
                Cell::Text(name),
                Cell::Bytes(salt.to_vec()),
                Cell::Text(value),
                Cell::At(at),
            ];
            rows.add("activity_personal", cells);
        }
        self.head = Head { seq: sealed.entry.seq, hash: sealed.hash };
    }
}

const fn word(choice: Choice) -> &'static str {
    match choice {
        Choice::Approve => "approve",
        Choice::Reject => "reject",
    }
}
