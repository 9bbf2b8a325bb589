//! The whole service without its doors: use cases on a database of its own, a clock that stands still, seeded chance, and
//! mails that are read as people read them. Everything happens through use cases; links come out of rendered mails.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use jiff::SignedDuration;
use quorate::{
    app::{
        act::{self, Act},
        answer_transfer::{Answer, AnswerTransfer},
        app::App,
        change_member::{self, ChangeMember},
        create_account::CreateAccount,
        error::Error,
        invite::{Invite, NewPerson},
        offer_transfer::OfferTransfer,
        open_case::OpenCase,
        owners::{self, ChangeOwners},
        principal::{Principal, Scope},
        tokens::CreateToken,
    },
    clock::Clock,
    dns::Dns,
    id::{AccountId, CaseId, UserId},
    jobs::{deadlines, deliver, transfers},
    mail::{
        facts::Person,
        post::{Post, Way},
        render::Letterhead,
    },
    outside::receivers::Receivers,
    ownership::{credential::Proof, owner::Outcome, sign_on::Networks, transfer::Transfer},
    recovery::{ballot::Choice, case::Case, policy::BallotWay, terms::Kind},
    secret::{Chance, ServerSecret},
    sign_on::provider::Providers,
    store::{db::Db, members::Stored, tokens::Power, tx::Backend},
};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::{TestDb, presets, proof::shown, quick_passwords, small};

/// The service in a test.
pub struct World {
    pub app: App,
    pub post: Arc<Post>,
    test: TestDb,
    people: AtomicUsize,
}

/// An account with its people, as it was created.
pub struct Team {
    pub id: AccountId,
    pub owner: UserId,
    pub admins: Vec<UserId>,
}

impl World {
    pub fn new(test: TestDb) -> Self {
        let chance = Chance::seeded(1);
        let url = "https://quorate.example".to_owned();
        let app = App {
            db: test.db.clone(),
            clock: Clock::set_to("2026-03-02T09:00:00Z".parse().unwrap()),
            secret: ServerSecret::generate(&chance),
            chance,
            passwords: quick_passwords(),
            presets: presets(),
            dns: Dns::of_servers(&[]),
            providers: Providers::new(Networks::Private),
            receivers: Receivers::new(Networks::Private),
            public_url: url.clone(),
            inbound: None,
        };
        let from = Person { name: "Quorate".to_owned(), address: "quorate@quorate.example".to_owned() };
        let letterhead = Letterhead { service: "Quorate".to_owned(), public_url: url, checkpoint: None };
        let post = Post::new(letterhead, from, Way::Mailbox);
        Self { app, post: Arc::new(post), test, people: AtomicUsize::new(0) }
    }

    /// The same service on another machine: connections of its own where the database allows for several machines.
    pub async fn replica(&self) -> App {
        match self.app.db.backend() {
            Backend::Sqlite => self.app.clone(),
            Backend::Postgres => App { db: Db::open(&self.test.url, &small()).await.unwrap(), ..self.app.clone() },
        }
    }

    /// The database's address, for SQL that goes around the code.
    pub fn url(&self) -> &str {
        &self.test.url
    }

    /// Runs SQL that goes around the code.
    pub async fn script(&self, statements: &str) {
        self.test.script(statements).await;
    }

    // Time.

    pub fn advance(&self, length: SignedDuration) {
        self.app.clock.advance(length);
    }

    /// Delivers what is due in the outbox.
    pub async fn deliver(&self) {
        let stop = CancellationToken::new();
        loop {
            let delivered = Box::pin(deliver::deliver(&self.app, &self.post, &stop)).await.unwrap();
            assert_eq!(delivered.failed + delivered.lost + delivered.given_up, 0, "{delivered:?}");
            if delivered == deliver::Delivered::default() {
                return;
            }
        }
    }

    /// Lets time act on the cases and offers that are due, and delivers nothing.
    pub async fn tick(&self) {
        let swept = Box::pin(deadlines::sweep(&self.app, &CancellationToken::new())).await.unwrap();
        assert_eq!(swept.failed, 0);
        let swept = Box::pin(transfers::sweep(&self.app, &CancellationToken::new())).await.unwrap();
        assert_eq!(swept.failed, 0);
    }

    /// What the jobs do at this moment.
    pub async fn sweep(&self) {
        self.deliver().await;
        self.tick().await;
        self.deliver().await;
    }

    // People.

    pub fn new_person(&self) -> NewPerson {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        NewPerson { name: format!("Person {number:02}"), email: format!("person{number}@example.org").parse().unwrap() }
    }

    /// An account whose owner and administrators have all accepted.
    pub async fn account(&self, preset: &str, administrators: usize) -> Team {
        self.account_with(preset, administrators, &json!({})).await
    }

    pub async fn account_with(&self, preset: &str, administrators: usize, policy: &Value) -> Team {
        let team = self.pending_account(preset, administrators, policy).await;
        self.accept(&team, team.owner).await.unwrap();
        for admin in &team.admins {
            self.accept(&team, *admin).await.unwrap();
        }
        team
    }

    /// An account that nobody has accepted yet.
    pub async fn pending_account(&self, preset: &str, administrators: usize, policy: &Value) -> Team {
        let created = CreateAccount {
            app: self.app.clone(),
            name: "Acme".to_owned(),
            preset: Some(preset.to_owned()),
            parent: None,
            reference: None,
            first_user: self.new_person(),
            administrators: (0..administrators).map(|_| self.new_person()).collect(),
            policy: policy.as_object().cloned().unwrap_or_else(Map::new),
            principal: OPERATOR,
        };
        let addresses: Vec<String> = created.administrators.iter().map(|person| person.email.to_string()).collect();
        let account = self.app.db.run(created).await.unwrap().account;
        let members = self.members(account.id).await;
        let by_address: BTreeMap<&str, UserId> =
            members.iter().map(|stored| (stored.email.as_str(), stored.member.user)).collect();
        Team {
            id: account.id,
            owner: members.iter().find(|stored| stored.member.owner).unwrap().member.user,
            admins: addresses.iter().map(|address| by_address[address.as_str()]).collect(),
        }
    }

    /// A person who is in no account of interest.
    pub async fn stranger(&self) -> UserId {
        self.account("recommended", 0).await.owner
    }

    /// That person, with a proof of this moment.
    pub fn proven(&self, user: UserId) -> Principal {
        Principal::Person { user, session: None, within: None, proof: Some(shown(self.app.now())) }
    }

    /// That person, with a code from their mailbox as proof.
    pub fn proven_by_code(&self, user: UserId) -> Principal {
        Principal::Person { user, session: None, within: None, proof: Some(Proof::by_code(self.app.now())) }
    }

    /// The vendor's product.
    pub async fn platform(&self, on_behalf_of: Option<UserId>) -> Principal {
        let power = Power::Platform(Scope::ALL.into_iter().collect());
        let name = "product".to_owned();
        let made = CreateToken { app: self.app.clone(), principal: OPERATOR, name, power };
        let token = self.app.db.run(made).await.unwrap().token.id;
        Principal::Platform { token, scopes: Scope::ALL.into_iter().collect(), on_behalf_of }
    }

    /// Invites somebody, without an answer of theirs.
    pub async fn invite(&self, team: &Team, by: Principal, role: &str) -> Result<Stored, Error> {
        let role = role.to_owned();
        let person = self.new_person();
        self.app.db.run(Invite { app: self.app.clone(), account: team.id, person, role, principal: by }).await
    }

    /// A member who was invited and has accepted.
    pub async fn join(&self, team: &Team, by: Principal, role: &str) -> UserId {
        let user = self.invite(team, by, role).await.unwrap().member.user;
        self.accept(team, user).await.unwrap();
        user
    }

    pub async fn change(
        &self,
        team: &Team,
        by: Principal,
        user: UserId,
        asked: change_member::Asked,
    ) -> Result<Option<Stored>, Error> {
        let app = self.app.clone();
        self.app.db.run(ChangeMember { app, account: team.id, user, asked, version: None, principal: by }).await
    }

    pub async fn change_owners(
        &self,
        team: &Team,
        by: Principal,
        user: UserId,
        asked: owners::Asked,
    ) -> Result<Outcome, Error> {
        self.app.db.run(ChangeOwners { app: self.app.clone(), account: team.id, user, asked, principal: by }).await
    }

    pub async fn offer(&self, team: &Team, by: Principal, to: UserId) -> Result<Transfer, Error> {
        self.app.db.run(OfferTransfer { app: self.app.clone(), account: team.id, to, principal: by }).await
    }

    pub async fn answer(&self, transfer: &Transfer, by: Principal, answer: Answer) -> Result<Transfer, Error> {
        let (app, transfer) = (self.app.clone(), transfer.id);
        self.app.db.run(AnswerTransfer { app, transfer, answer, principal: by }).await
    }

    // Cases.

    pub async fn open(&self, team: &Team, opener: UserId, nominee: UserId) -> Result<Case, Error> {
        self.open_as(team, Kind::Replace, signed_in(opener), nominee).await
    }

    pub async fn open_as(&self, team: &Team, kind: Kind, by: Principal, nominee: UserId) -> Result<Case, Error> {
        let statement = "The owner has left and does not answer.".to_owned();
        let app = self.app.clone();
        self.app.db.run(OpenCase { app, account: team.id, kind, nominee, statement, principal: by }).await
    }

    pub async fn act(&self, case: CaseId, by: Principal, asked: act::Asked) -> Result<Case, Error> {
        Ok(act::ask(Act { app: self.app.clone(), case, asked, principal: by }).await?.case)
    }

    pub async fn vote(&self, case: &Case, elector: UserId, choice: Choice) -> Result<Case, Error> {
        self.act(case.id(), self.proven(elector), ballot(case, choice)).await
    }

    /// Each of them approves; what the case is after the last of them.
    pub async fn approve(&self, case: &Case, electors: &[UserId]) -> Case {
        let mut after = case.clone();
        for elector in electors {
            after = self.vote(case, *elector, Choice::Approve).await.unwrap();
        }
        after
    }

    /// An account with two open cases that can both reach a quorum, because the first has only the first administrator in
    /// its electorate, and the second has all three. The first needs that one's approval, the second the other two.
    pub async fn two_cases(&self) -> (Team, Case, Case) {
        let team = self.pending_account("single-owner", 3, &json!({})).await;
        let [alone, b, c] = team.admins[..] else { panic!("three administrators") };
        self.accept(&team, team.owner).await.unwrap();
        self.accept(&team, alone).await.unwrap();
        let first = self.open(&team, alone, alone).await.unwrap();
        self.accept(&team, b).await.unwrap();
        self.accept(&team, c).await.unwrap();
        let second = self.open(&team, b, b).await.unwrap();
        assert_eq!((first.terms.required, second.terms.required), (1, 2));
        (team, first, second)
    }

    pub async fn veto(&self, case: &Case, owner: UserId) -> Result<Case, Error> {
        self.act(case.id(), self.proven(owner), act::Asked::Veto).await
    }
}

pub const OPERATOR: Principal = Principal::Operator { token: None };

/// That person, who has proven nothing lately.
pub const fn signed_in(user: UserId) -> Principal {
    Principal::Person { user, session: None, within: None, proof: None }
}

/// A ballot on the terms in force, by a person who has signed in.
pub const fn ballot(case: &Case, choice: Choice) -> act::Asked {
    act::Asked::Cast { choice, terms_hash: case.terms_hash, way: BallotWay::SignedIn }
}

pub const fn hours(number: i64) -> SignedDuration {
    SignedDuration::from_hours(number)
}

pub const fn days(number: i64) -> SignedDuration {
    SignedDuration::from_hours(number * 24)
}

pub const MICROSECOND: SignedDuration = SignedDuration::from_micros(1);

/// The stable code of a refusal.
pub fn code(error: &Error) -> &'static str {
    match error {
        Error::Recovery(refusal) => refusal.code(),
        Error::Ownership(refusal) => refusal.code(),
        Error::Identity(refusal) => refusal.code(),
        Error::Credential(refusal) => refusal.code(),
        Error::SignOn(refusal) => refusal.code(),
        Error::RecoveryUser(refusal) => refusal.code(),
        Error::Webhook(refusal) => refusal.code(),
        Error::Provider(failed) => failed.code(),
        Error::Access(access) => access.code(),
        Error::Invalid(_) => "invalid",
        Error::NotFound => "not_found",
        Error::Internal(error) => panic!("{error}"),
        Error::Password(error) => panic!("{error}"),
        Error::Sealed(error) => panic!("{error}"),
    }
}

/// Asserts the refusal with that code, and gives its sentence.
#[track_caller]
pub fn refused<T: fmt::Debug>(outcome: Result<T, Error>, wanted: &str) -> String {
    let error = outcome.expect_err("it was not refused");
    assert_eq!(code(&error), wanted, "{error}");
    error.to_string()
}
