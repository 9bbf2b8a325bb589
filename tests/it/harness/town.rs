//! Several accounts in one service, and people who do things in them through the HTTP API, each signed in by a mailed code.
//!
//! People are told by their full names; their first names are all different, because addresses are made of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use axum::{
    body::Body,
    http::{Request, header},
};
use jiff::SignedDuration;
use quorate::{
    app::{
        principal::Principal,
        tokens::{CreateToken, TokenPower},
    },
    jobs::{
        closings, deadlines,
        deliver::{self, Delivered},
        policies, transfers,
    },
    mail::mailbox,
    moment::Moment,
    ownership::scope::Scope,
    web::site::Mailbox,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{
    TestDb,
    dkim::{Signer, Terms},
    dns::Records,
};
use crate::web::site::{House, Reply, address, empty};

/// Whoever runs the service, by a token.
pub const OPERATOR: &str = "the operator";
/// The vendor's product, by a token with every scope.
pub const PRODUCT: &str = "the product";
/// Where they find it: by a name, as passkeys take it.
pub const SITE: &str = "http://localhost:8080";
/// Where votes by mail go.
const MAILS: &str = "votes@quorate.example";
/// Somebody who has not signed in.
pub const NOBODY: &str = "nobody";

pub struct Town {
    pub house: House,
    pub dns: Records,
    sessions: Mutex<BTreeMap<String, Sessions>>,
    /// The ids of people, by their addresses.
    users: Mutex<BTreeMap<String, String>>,
    product: String,
}

/// Somebody's sessions. Both are kept, because only so many codes are mailed to one person in a while.
#[derive(Clone, Default)]
struct Sessions {
    /// One in which nothing is ever proven.
    plain: Option<Session>,
    proven: Option<Session>,
    used: Used,
}

/// In which of their sessions somebody calls.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Used {
    #[default]
    Plain,
    Proven,
}

#[derive(Clone)]
struct Session {
    token: String,
    until: Moment,
    proven_until: Option<Moment>,
}

fn mail_server() -> Signer {
    Signer::ed25519("acme.example", 1)
}

impl Town {
    pub async fn new(test: TestDb) -> Self {
        let (mut house, dns) = (empty(test, Mailbox::Open), Records::start().await);
        house.site.app.dns = dns.dns();
        house.moved_to(SITE);
        house.operator = token(&house, TokenPower::Operator).await;
        let product = token(&house, TokenPower::Platform(Scope::ALL.into_iter().collect())).await;
        Self { house, dns, sessions: Mutex::default(), users: Mutex::default(), product }
    }

    /// From now on mails come in, and the key is published with which everybody's mail server signs.
    pub fn take_mails_in(&mut self) {
        let signer = mail_server();
        self.dns.put(&signer.name(), &[&signer.record()]);
        self.house.site.app.inbound = Some(MAILS.parse().unwrap());
        self.house.moved_to(SITE);
    }

    /// The vendor brings in a mail that somebody writes now; what becomes of it.
    pub async fn bring_mail(&self, by: &str, words: &str) -> Value {
        let date = jiff::Timestamp::from_microsecond(self.now().micros()).unwrap();
        let mail = format!(
            "From: {by} <{}>\nTo: {MAILS}\nSubject: Our account\nDate: {}\nMessage-ID: <{}@acme.example>\n\n{words}\n",
            address(by),
            date.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            self.now().micros(),
        );
        let request = Request::post("/v1/mail/inbound")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.product))
            .body(Body::from(mail_server().sign(&mail, &Terms::default())));
        self.house.send(request.unwrap()).await.good()
    }

    /// A call by somebody, signed in if they are a person.
    pub async fn call(&self, by: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
        let token = match by {
            OPERATOR => self.house.operator.clone(),
            PRODUCT => self.product.clone(),
            NOBODY => String::new(),
            person => self.session(person).await.token,
        };
        self.house.call(method, path, &token, body).await
    }

    pub async fn get(&self, by: &str, path: &str) -> Reply {
        self.call(by, "GET", path, None).await
    }

    pub async fn post(&self, by: &str, path: &str, body: Value) -> Reply {
        self.call(by, "POST", path, Some(body)).await
    }

    /// A call by the vendor's product for somebody.
    pub async fn on_behalf(&self, of: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.product))
            .header("quorate-on-behalf-of", self.user(of))
            .header(header::CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.house.send(request.body(body).unwrap()).await
    }

    /// A call by somebody who has just proven that it is them.
    pub async fn proven(&self, by: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
        self.prove(by).await;
        self.call(by, method, path, body).await
    }

    async fn session(&self, person: &str) -> Session {
        let now = self.now();
        let Sessions { plain, proven, used } = self.sessions_of(person);
        let kept = if used == Used::Proven { proven } else { plain };
        match kept.filter(|session| now < session.until) {
            Some(session) => session,
            None => self.sign_in(person).await,
        }
    }

    fn sessions_of(&self, person: &str) -> Sessions {
        self.sessions.lock().unwrap().get(person).cloned().unwrap_or_default()
    }

    /// Signs somebody in, in a session of which nothing is proven.
    async fn sign_in(&self, person: &str) -> Session {
        let token = self.house.sign_in(person).await;
        let until = self.now().after(SignedDuration::from_mins(110));
        let session = Session { token, until, proven_until: None };
        let plain = Some(session.clone());
        let kept = Sessions { plain, used: Used::Plain, ..self.sessions_of(person) };
        self.sessions.lock().unwrap().insert(person.to_owned(), kept);
        session
    }

    /// Has somebody prove that it is them, unless they have done so just now.
    pub async fn prove(&self, person: &str) {
        let now = self.now();
        let mut sessions = self.sessions_of(person);
        if !sessions.proven.as_ref().is_some_and(|it| now < it.until && it.proven_until.is_some_and(|at| now < at)) {
            let session = match sessions.proven.take().filter(|session| now < session.until) {
                Some(session) => session,
                None => self.sign_in(person).await,
            };
            self.house.prove(person, &session.token).await;
            let proven_until = Some(self.now().after(SignedDuration::from_mins(4)));
            sessions.proven = Some(Session { proven_until, ..session });
        }
        sessions.used = Used::Proven;
        self.sessions.lock().unwrap().insert(person.to_owned(), sessions);
    }

    /// From now on somebody calls in a session in which they have proven nothing.
    pub fn forget(&self, person: &str) {
        let sessions = Sessions { used: Used::Plain, ..self.sessions_of(person) };
        self.sessions.lock().unwrap().insert(person.to_owned(), sessions);
    }

    // Time.

    pub fn now(&self) -> Moment {
        self.house.site.app.now()
    }

    /// Time passes, and the jobs do what is due before and after.
    pub async fn pass(&self, length: SignedDuration) {
        self.work().await;
        self.house.site.app.clock.advance(length);
        self.work().await;
    }

    async fn work(&self) {
        let (app, stop) = (&self.house.site.app, CancellationToken::new());
        self.deliver().await;
        Box::pin(deadlines::sweep(app, &stop)).await.unwrap();
        for swept in [
            Box::pin(transfers::sweep(app, &stop)).await,
            Box::pin(policies::sweep(app, &stop)).await,
            Box::pin(closings::sweep(app, &stop)).await,
        ] {
            assert_eq!(swept.unwrap().failed, 0);
        }
        self.deliver().await;
    }

    async fn deliver(&self) {
        let stop = CancellationToken::new();
        while Box::pin(deliver::deliver(&self.house.site.app, &self.house.site.post, &stop)).await.unwrap()
            != Delivered::default()
        {}
    }

    // Accounts and their people.

    /// An account whose people have all accepted.
    pub async fn found(&self, preset: &str, name: &str, owner: &str, administrators: &[&str]) -> String {
        self.found_tree(preset, name, owner, administrators).await.0
    }

    /// An account whose people have all accepted, and the children that its preset makes together with it.
    pub async fn found_tree(
        &self,
        preset: &str,
        name: &str,
        owner: &str,
        administrators: &[&str],
    ) -> (String, Vec<String>) {
        let people: Vec<Value> = administrators.iter().map(|name| person(name)).collect();
        let new = json!({"name": name, "preset": preset, "first_user": person(owner), "administrators": people});
        let created = self.post(OPERATOR, "/v1/accounts", new).await.good();
        let account = created["id"].as_str().unwrap().to_owned();
        self.remember(&account).await;
        for name in [&[owner], administrators].concat() {
            self.accept(name).await;
        }
        let below = created["customers"].as_array().into_iter().flatten();
        (account, below.map(|child| child["id"].as_str().unwrap().to_owned()).collect())
    }

    /// A child of an account, whose owner has accepted, unless they have created it themselves.
    pub async fn found_below(&self, by: &str, parent: &str, name: &str, owner: &str) -> String {
        let new = json!({"name": name, "parent": parent, "first_user": person(owner)});
        let account = self.post(by, "/v1/accounts", new).await.good()["id"].as_str().unwrap().to_owned();
        self.remember(&account).await;
        if by != owner {
            self.accept(owner).await;
        }
        account
    }

    /// Somebody accepts the newest invitation in their mailbox, by its link.
    pub async fn accept(&self, person: &str) {
        let (_, token) = self.house.link(person, "invitation").await;
        self.redeem(&token).await.good();
    }

    /// Presses the button behind a link in a mail.
    pub async fn redeem(&self, token: &str) -> Reply {
        self.post(NOBODY, "/v1/links/redeem", json!({"token": token, "confirm": true})).await
    }

    pub async fn invite(&self, by: &str, account: &str, who: &str, role: &str) -> Reply {
        let new = json!({"name": who, "email": address(who), "role": role});
        let reply = self.post(by, &format!("/v1/accounts/{account}/members"), new).await;
        if reply.status == 201 {
            self.remember(account).await;
        }
        reply
    }

    /// Somebody is invited and accepts.
    pub async fn join(&self, by: &str, account: &str, who: &str, role: &str) {
        self.invite(by, account, who, role).await.good();
        self.accept(who).await;
    }

    /// Changes a member as the body says.
    pub async fn change(&self, by: &str, account: &str, who: &str, change: Value) -> Reply {
        self.call(by, "PATCH", &self.place(account, who), Some(change)).await
    }

    pub async fn suspend(&self, by: &str, account: &str, who: &str) -> Reply {
        self.change(by, account, who, json!({"status": "suspended"})).await
    }

    pub async fn resume(&self, by: &str, account: &str, who: &str) -> Reply {
        self.change(by, account, who, json!({"status": "active"})).await
    }

    pub async fn give_role(&self, by: &str, account: &str, who: &str, role: &str) -> Reply {
        self.change(by, account, who, json!({"role": role})).await
    }

    pub async fn delete(&self, by: &str, account: &str, who: &str) -> Reply {
        self.call(by, "DELETE", &self.place(account, who), None).await
    }

    pub async fn leave(&self, account: &str, who: &str) -> Reply {
        self.call(who, "POST", &format!("{}/leave", self.place(account, who)), None).await
    }

    pub async fn grant(&self, by: &str, account: &str, who: &str) -> Reply {
        self.post(by, &format!("/v1/accounts/{account}/owners"), json!({"user": self.user(who)})).await
    }

    pub async fn revoke(&self, by: &str, account: &str, who: &str) -> Reply {
        self.call(by, "DELETE", &format!("/v1/accounts/{account}/owners/{}", self.user(who)), None).await
    }

    pub async fn offer(&self, by: &str, account: &str, who: &str) -> Reply {
        self.post(by, &format!("/v1/accounts/{account}/transfers"), json!({"to": self.user(who)})).await
    }

    /// Sets something about an account, such as its `settings/branding`.
    pub async fn put(&self, by: &str, account: &str, what: &str, body: Value) -> Reply {
        self.call(by, "PUT", &format!("/v1/accounts/{account}/{what}"), Some(body)).await
    }

    /// Has people join an account by the domain of everybody's address, which is proven.
    pub async fn open_to_the_domain(&self, by: &str, account: &str, role: &str) {
        let domain = "join-domains/acme.example";
        self.prove(by).await;
        self.put(by, account, domain, json!({"role": role})).await.good();
        self.dns.publish(account.parse().unwrap(), "acme.example");
        self.post(by, &format!("/v1/accounts/{account}/{domain}/verify"), json!({})).await.good();
    }

    /// The address of a member.
    pub fn place(&self, account: &str, who: &str) -> String {
        format!("/v1/accounts/{account}/members/{}", self.user(who))
    }

    /// Whether the service has heard of somebody.
    pub fn knows(&self, who: &str) -> bool {
        self.users.lock().unwrap().contains_key(&address(who))
    }

    /// Somebody's id.
    pub fn user(&self, who: &str) -> String {
        let known = self.users.lock().unwrap();
        known.get(&address(who)).unwrap_or_else(|| panic!("nobody knows {who}")).clone()
    }

    // What is so.

    /// The addresses to which mails about a change of owners went since then.
    pub async fn told_of_owners(&self, since: Moment) -> BTreeSet<String> {
        let about = ["owners_changed", "new_owner_welcome", "replaced_owner", "transfer_alert", "owner_alert"];
        let lines = mailbox::list(&self.house.site.app, &self.house.site.post, 200).await.unwrap();
        let new = lines.into_iter().map(|line| line.entry).filter(|mail| mail.created_at >= since);
        new.filter(|mail| about.contains(&mail.kind.as_str())).map(|mail| mail.to.email).collect()
    }

    /// Reads who the members of an account are, so that they can be told by name.
    pub async fn remember(&self, account: &str) {
        for member in self.members(account).await {
            let (email, user) = (member["email"].as_str().unwrap(), member["user"].as_str().unwrap());
            self.users.lock().unwrap().insert(email.to_owned(), user.to_owned());
        }
    }

    pub async fn members(&self, account: &str) -> Vec<Value> {
        let listed = self.get(OPERATOR, &format!("/v1/accounts/{account}/members?limit=200")).await.good();
        listed["items"].as_array().unwrap().clone()
    }

    /// A member as the list shows them; null for others.
    pub async fn member(&self, account: &str, who: &str) -> Value {
        let listed = self.members(account).await;
        listed.into_iter().find(|member| member["name"] == who).unwrap_or(Value::Null)
    }

    pub async fn is_member(&self, account: &str, who: &str) -> bool {
        !self.member(account, who).await.is_null()
    }

    /// The names of the owners.
    pub async fn owners(&self, account: &str) -> BTreeSet<String> {
        let listed = self.get(OPERATOR, &format!("/v1/accounts/{account}/owners")).await.good();
        listed["items"].as_array().unwrap().iter().map(|owner| owner["name"].as_str().unwrap().to_owned()).collect()
    }

    pub async fn owners_are(&self, account: &str, names: &[&str]) {
        let expected: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(self.owners(account).await, expected);
    }

    /// How an account is prepared: the codes of what is wanting.
    pub async fn wanting(&self, by: &str, account: &str) -> BTreeSet<String> {
        let readiness = self.get(by, &format!("/v1/accounts/{account}/readiness")).await.good();
        readiness["reasons"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
    }

    /// What the log says about a kind of event, oldest first.
    pub async fn logged(&self, account: &str, kind: &str) -> Vec<Value> {
        let page = self.get(OPERATOR, &format!("/v1/accounts/{account}/activity?limit=200")).await.good();
        let entries = page["items"].as_array().unwrap().iter().map(|item| item["entry"].clone());
        entries.filter(|entry| entry["kind"] == kind).collect()
    }

    /// Whether somebody has a permission, as the vendor's product asks, and why.
    pub async fn may(&self, account: &str, who: &str, permission: &str) -> (bool, String) {
        let question = json!({
            "subject": {"type": "user", "id": self.user(who)},
            "action": {"name": permission},
            "resource": {"type": "account", "id": account},
        });
        let answer = self.post(PRODUCT, "/access/v1/evaluation", question).await.good();
        let code = answer["context"]["reason"]["code"].as_str().unwrap().to_owned();
        (answer["decision"].as_bool().unwrap(), code)
    }
}

impl Reply {
    /// What was answered, if the call went well.
    #[track_caller]
    pub fn good(self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.body);
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The sentence with which the call was refused just so.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> String {
        let body = if self.body.is_empty() { Value::Null } else { self.json() };
        assert_eq!((self.status, body["code"].as_str()), (status, Some(code)), "{}", self.body);
        body["detail"].as_str().unwrap().to_owned()
    }
}

/// A person as the API takes them.
pub fn person(name: &str) -> Value {
    json!({"name": name, "email": address(name)})
}

async fn token(house: &House, power: TokenPower) -> String {
    let (app, principal) = (house.site.app.clone(), Principal::Operator { token: None });
    let unit = CreateToken { app, principal, name: "test".to_owned(), power };
    house.site.app.db.run(unit).await.unwrap().secret.reveal().to_owned()
}
