//! An application with a clock that stands still, and just enough rows for mails to point at.

use std::{sync::Arc, time::Duration};

use quorate::{
    app::app::App,
    clock::Clock,
    dns::Dns,
    id::{CaseId, CodeId, LinkId, MailId, UserId},
    jobs::deliver::{Delivered, deliver},
    mail::{
        facts::{CaseEvent, Person},
        message::Message,
        post::{Post, Way},
        smtp::{Postman, Settings, Tls},
    },
    moment::Moment,
    outside::receivers::Receivers,
    ownership::sign_on::Networks,
    secret::{Chance, ServerSecret},
    sign_on::provider::Providers,
    store::{
        db::Unit,
        error::DbError,
        mails::{self, Contact, Outgoing},
        outbox::{self, Entry},
        tx::Tx,
    },
};
use tokio_util::sync::CancellationToken;

use crate::{
    harness::{TestDb, presets, quick_passwords, smtp::MailServer},
    mail::samples::{at, case, id, office},
};

/// An account, and a case in it.
pub struct World {
    pub test: TestDb,
    pub app: App,
}

impl World {
    pub async fn new(test: TestDb) -> Self {
        let chance = Chance::seeded(11);
        let app = App {
            db: test.db.clone(),
            clock: Clock::set_to(at("2026-11-24T09:30:00Z")),
            secret: ServerSecret::generate(&chance),
            chance,
            passwords: quick_passwords(),
            presets: presets(),
            dns: Dns::of_servers(&[]),
            providers: Providers::new(Networks::Private),
            receivers: Receivers::new(Networks::Private),
            public_url: office().public_url,
            inbound: None,
        };
        app.db.run(Furnish(app.now())).await.unwrap();
        Self { test, app }
    }

    /// Queues a mail about the case.
    pub async fn queue(&self, to: &str, event: Option<&'static str>, message: Message) -> MailId {
        let id = self.app.id();
        let to = Contact { user: Some(id_of(to)), name: to.to_owned(), email: format!("{to}@acme.example") };
        self.app.db.run(Queue { id, to, event, message, at: self.app.now() }).await.unwrap();
        id
    }

    /// A mail that is always worth sending, to somebody at any address.
    pub async fn alert_at(&self, address: &str) -> MailId {
        let id = self.app.id();
        let to = Contact { user: Some(id_of(address)), name: address.to_owned(), email: address.to_owned() };
        self.app.db.run(Queue { id, to, event: None, message: alert(), at: self.app.now() }).await.unwrap();
        id
    }

    /// A mail that is always worth sending.
    pub async fn alert(&self, to: &str) -> MailId {
        self.queue(to, Some("opened"), alert()).await
    }

    pub async fn entry(&self, mail: MailId) -> Entry {
        outbox::one(&mut self.app.db.read().await.unwrap(), mail).await.unwrap().unwrap().entry
    }

    pub async fn deliver(&self, post: &Arc<Post>) -> Delivered {
        deliver(&self.app, post, &CancellationToken::new()).await.unwrap()
    }
}

pub fn alert() -> Message {
    Message::OwnerAlert { case: case(), event: CaseEvent::Opened, at: at("2026-11-24T09:30:00Z"), pause: None }
}

pub fn mailbox() -> Arc<Post> {
    post(Way::Mailbox)
}

pub fn smtp(server: &MailServer) -> Arc<Post> {
    let settings = Settings {
        host: "127.0.0.1".to_owned(),
        port: server.address.port(),
        tls: Tls::None,
        authorities: None,
        login: None,
        signer: None,
        hello: "quorate.example".to_owned(),
        timeout: Duration::from_secs(20),
    };
    post(Way::Smtp(Box::new(Postman::new(settings).unwrap())))
}

pub fn post(way: Way) -> Arc<Post> {
    let from = Person { name: "Quorate".to_owned(), address: "quorate@quorate.example".to_owned() };
    Arc::new(Post::new(office(), from, way))
}

/// People have a fixed id each.
pub fn id_of(name: &str) -> UserId {
    id(match name {
        "ann" => 101,
        "ben" => 102,
        _ => 103,
    })
}

pub fn the_case() -> CaseId {
    case().id
}

pub fn a_code() -> CodeId {
    id(300)
}

pub fn a_link() -> LinkId {
    id(400)
}

struct Queue {
    id: MailId,
    to: Contact,
    event: Option<&'static str>,
    message: Message,
    at: Moment,
}

impl Unit for Queue {
    type Out = ();
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let Self { id, to, event, message, at } = self;
        let (account, case) = (Some(case().account.id), Some(the_case()));
        mails::queue(tx, &Outgoing { id: *id, account, case, to, event: *event, message, at: *at }).await
    }
}

struct Furnish(Moment);

impl Unit for Furnish {
    type Out = ();
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let now = self.0;
        for name in ["ann", "ben", "others"] {
            tx.sql("insert into users (id, email, name, created_at) values ($1, $2, $2, $3)")
                .bind(id_of(name))
                .bind(name)
                .bind(now)
                .run()
                .await?;
        }
        let hash = vec![0_u8; 32];
        tx.sql(
            "insert into accounts (id, name, preset, policy, status, created_at, version, head_seq, head_hash)
             values ($1, 'Acme', 'recommended', '{}', 'active', $2, 1, 0, $3)",
        )
        .bind(case().account.id)
        .bind(now)
        .bind(hash.clone())
        .run()
        .await?;
        insert_case(tx, the_case(), id_of("ann"), now, None).await?;
        tx.sql(
            "insert into codes (id, purpose, user_id, created_at, expires_at, wrong) values ($1, 'link', $2, $3, $4, 0)",
        )
        .bind(a_code())
        .bind(id_of("ann"))
        .bind(now)
        .bind(now.after(jiff::SignedDuration::from_mins(10)))
        .run()
        .await?;
        tx.sql(
            "insert into links (id, purpose, user_id, account_id, case_id, created_at)
             values ($1, 'ballot', $2, $3, $4, $5)",
        )
        .bind(a_link())
        .bind(id_of("ann"))
        .bind(case().account.id)
        .bind(the_case())
        .bind(now)
        .run()
        .await?;
        Ok(())
    }
}

/// A case that nobody can read: its terms are none.
pub async fn insert_case(
    tx: &mut Tx,
    case_id: CaseId,
    opener: UserId,
    now: Moment,
    wake_at: Option<Moment>,
) -> Result<(), DbError> {
    tx.sql(
        "insert into cases (id, account_id, opener, nominee, kind, terms, terms_hash, required, opened_at, closes_at,
             state, pauses, extended, reminders, wake_at, version)
         values ($1, $2, $3, $3, 'replace', '{}', $4, 1, $5, $5, 'collecting', 0, $6, 0, $7, 1)",
    )
    .bind(case_id)
    .bind(case().account.id)
    .bind(opener)
    .bind(vec![0_u8; 32])
    .bind(now)
    .bind(false)
    .bind(wake_at)
    .run()
    .await?;
    Ok(())
}
