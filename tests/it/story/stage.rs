//! The service, its database and its mail server, and the client that asks: what can die, and what goes on.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use quorate::{
    clock::Clock,
    id::MailId,
    store::{
        db::{Db, Unit},
        error::DbError,
        outbox::{self, Entry},
        tx::Tx,
    },
};
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use tokio::time::sleep;

use super::plan::{Moment, Plan, Step};
use crate::{
    cli::place::{Place, Serving},
    harness::{postgres::Server, small, smtp::MailServer},
    mail::smtp::parse,
};

/// Who dies.
pub enum Victim {
    /// The service's process.
    Service,
    /// The database's processes.
    Database(Server),
}

/// Where the story is played.
pub struct Stage {
    pub place: Place,
    pub mails: MailServer,
    pub operator: String,
    pub steps: Vec<Step>,
    /// The tokens of the ballots' links, by the administrator's number.
    pub tokens: BTreeMap<usize, String>,
    pub deaths: Deaths,
    url: String,
    serving: Serving,
    victim: Victim,
    plan: Plan,
    http: Client,
    clock: Clock,
    read: BTreeSet<MailId>,
}

/// How often somebody died.
#[derive(Debug, Default)]
pub struct Deaths {
    /// A request got no answer, or one that was no answer, and was repeated.
    pub unanswered: u32,
    /// A request under way was answered all the same.
    pub answered: u32,
    /// Between requests.
    pub between: u32,
    /// While the client waited for a mail.
    pub mailing: u32,
    /// Requests that failed after the database was back, and were repeated.
    pub stumbles: u32,
    /// The longest time in which the service noticed that there was no database.
    pub noticed: Duration,
}

/// An answer.
#[derive(Debug)]
pub struct Told {
    pub status: StatusCode,
    pub body: Value,
    /// It was asked before, without an answer.
    pub repeated: bool,
}

/// What is asked.
#[derive(Clone)]
pub struct Question {
    pub method: Method,
    pub path: String,
    pub token: Option<String>,
    pub body: Option<Value>,
    /// The idempotency key.
    pub key: Option<String>,
}

/// Longer than anything takes that comes at all.
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(20);

impl Stage {
    /// An installation with its own mail server, on a database that is empty, or on a new embedded one.
    pub async fn set(database: Option<String>, victim: Victim, plan: Plan) -> Self {
        let place = database.as_deref().map_or_else(Place::new, Place::with_database);
        let embedded = format!("sqlite:{}", place.data_dir().join("quorate.db").display());
        let operator = place.json(&["init"])["operator_token"]["token"].as_str().unwrap().to_owned();
        let mails = MailServer::start().await;
        let serving = serve(&place, &mails);
        let http = crate::harness::http().pool_max_idle_per_host(0).timeout(PATIENCE).build().unwrap();
        let (url, clock, read) = (database.unwrap_or(embedded), Clock::system(), BTreeSet::new());
        let (steps, tokens, deaths) = (Vec::new(), BTreeMap::new(), Deaths::default());
        Self { place, mails, operator, steps, tokens, deaths, url, serving, victim, plan, http, clock, read }
    }

    /// Asks until there is an answer.
    pub async fn ask(&mut self, step: &str, question: Question) -> Told {
        let mut moments = self.plan.take(step);
        let began = self.clock.now();
        let mut repeated = false;
        loop {
            let moment = moments.pop();
            if moment == Some(Moment::Before) {
                self.die().await;
                self.deaths.between += 1;
            }
            let request = tokio::spawn(send(self.http.clone(), self.serving.address.clone(), question.clone()));
            if let Some(Moment::During(delay)) = moment {
                self.linger(delay).await;
                self.die().await;
            }
            let answer = request.await.unwrap().filter(|(status, _)| !status.is_server_error());
            match (&answer, moment) {
                (Some(_), Some(Moment::During(_))) => self.deaths.answered += 1,
                (None, Some(Moment::During(_))) => self.deaths.unanswered += 1,
                (None, _) if self.deaths.stumbles < self.stumbles_allowed() => self.deaths.stumbles += 1,
                (None, _) => panic!("`{step}` got no answer, although nobody died"),
                (Some(_), Some(Moment::Before | Moment::After) | None) => {}
            }
            let Some((status, body)) = answer else {
                repeated = true;
                continue;
            };
            self.took(step, began);
            // Whoever was to die while it was under way dies now.
            for _ in moments.iter().chain(moment.filter(|moment| *moment == Moment::After).iter()) {
                self.die().await;
                self.deaths.between += 1;
            }
            return Told { status, body, repeated };
        }
    }

    /// Waits for the newest mail of that kind to that address, and reads it. No mail is read twice.
    pub async fn mail(&mut self, step: &str, address: &str, kind: &str) -> String {
        let began = self.clock.now();
        for moment in self.plan.take(step) {
            if let Moment::During(delay) = moment {
                self.linger(delay).await;
            }
            self.die().await;
            self.deaths.mailing += 1;
        }
        let db = self.database().await;
        let mut waited = Duration::ZERO;
        loop {
            let entries = entries(&db).await;
            let newest = entries.iter().find(|entry| entry.to.email == address && entry.kind == kind);
            let unread = newest.filter(|entry| !self.read.contains(&entry.id));
            if let Some((id, text)) = unread.and_then(|entry| Some((entry.id, self.letters(entry.id).pop()?))) {
                self.read.insert(id);
                self.took(step, began);
                db.close().await;
                return parse(&text).1.swap_remove(0);
            }
            assert!(waited < PATIENCE, "no {kind} reached {address}");
            pause().await;
            waited += PAUSE;
        }
    }

    /// The letters that the mail server took for one mail.
    pub fn letters(&self, mail: MailId) -> Vec<String> {
        let id = mail.to_string();
        self.mails.taken().into_iter().map(|taken| taken.raw).filter(|raw| raw.contains(&id)).collect()
    }

    /// The database, behind the service's back.
    pub async fn database(&self) -> Db {
        Db::open(&self.url, &small()).await.unwrap()
    }

    /// Lets a moment pass, more precisely than a timer does.
    async fn linger(&self, length: Duration) {
        let began = self.clock.now();
        while self.clock.now().since(began).unsigned_abs() < length {
            tokio::task::yield_now().await;
        }
    }

    /// A connection that was used within two seconds is not tried before it is used again, so each of those in the pool
    /// when the database died may cost one request its answer.
    fn stumbles_allowed(&self) -> u32 {
        match self.victim {
            Victim::Service => 0,
            Victim::Database(_) => {
                2 * (self.deaths.unanswered + self.deaths.answered + self.deaths.between + self.deaths.mailing)
            }
        }
    }

    /// The victim dies, and comes back.
    async fn die(&mut self) {
        match &self.victim {
            Victim::Service => {
                let said = self.serving.kill();
                assert!(!said.contains("panic"), "{said}");
                self.let_claims_end().await;
                self.serving = serve(&self.place, &self.mails);
            }
            Victim::Database(server) => {
                server.kill();
                let died = self.clock.now();
                assert_eq!(self.readiness().await, Some(StatusCode::SERVICE_UNAVAILABLE), "ready without a database");
                self.deaths.noticed = self.deaths.noticed.max(self.clock.now().since(died).unsigned_abs());
                server.start();
                let mut waited = Duration::ZERO;
                while self.readiness().await != Some(StatusCode::OK) {
                    assert!(waited < PATIENCE, "the service did not recover");
                    pause().await;
                    waited += PAUSE;
                }
                self.let_claims_end().await;
            }
        }
    }

    async fn readiness(&self) -> Option<StatusCode> {
        let path = "/readyz".to_owned();
        let question = Question { method: Method::GET, path, token: None, body: None, key: None };
        send(self.http.clone(), self.serving.address.clone(), question).await.map(|(status, _)| status)
    }

    /// What the dead had claimed is sent after ten minutes. These are over.
    async fn let_claims_end(&self) {
        let db = self.database().await;
        db.run(LetClaimsEnd).await.unwrap();
        db.close().await;
    }

    fn took(&mut self, step: &str, began: quorate::moment::Moment) {
        let length = self.clock.now().since(began).unsigned_abs();
        self.steps.push((step.to_owned(), length));
    }
}

/// Before another look at what other processes do.
pub async fn pause() {
    sleep(PAUSE).await;
}

struct LetClaimsEnd;

impl Unit for LetClaimsEnd {
    type Out = u64;
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, DbError> {
        tx.sql("update mails set next_at = created_at where next_at is not null").run().await
    }
}

/// Every mail there is, the newest first.
pub async fn entries(db: &Db) -> Vec<Entry> {
    let kept = outbox::of_mailbox(&mut db.read().await.unwrap(), 1000).await.unwrap();
    kept.into_iter().map(|kept| kept.entry).collect()
}

fn serve(place: &Place, mails: &MailServer) -> Serving {
    let port = mails.address.port().to_string();
    let environment = [
        ("QUORATE_SMTP_HOST", "127.0.0.1"),
        ("QUORATE_SMTP_PORT", &port),
        ("QUORATE_SMTP_TLS", "none"),
        ("QUORATE_SMTP_FROM", "Quorate <quorate@quorate.example>"),
        ("QUORATE_PUBLIC_URL", "https://quorate.example"),
        ("QUORATE_JOBS_SWEEP_SECONDS", "1"),
        // Of every death there is more to say than anybody wants to read.
        ("QUORATE_LOG_FILTER", "off,quorate::cli=info,quorate=error"),
    ];
    place.serve_in(&environment, &[])
}

/// The answer, if there is one.
async fn send(http: Client, address: String, question: Question) -> Option<(StatusCode, Value)> {
    let Question { method, path, token, body, key } = question;
    let mut request = http.request(method, format!("http://{address}{path}"));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(key) = key {
        request = request.header("Idempotency-Key", key);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.ok()?;
    let status = response.status();
    let text = response.text().await.ok()?;
    Some((status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }))
}
