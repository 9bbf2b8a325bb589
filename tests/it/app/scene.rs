//! The service on a fresh database, with a clock that stands still, and a few people.

use jiff::SignedDuration;
use quorate::{
    app::{
        app::App,
        authenticate::{Credential, authenticate},
        begin_session::SignedIn,
        confirm_sign_in::ConfirmSignIn,
        error::Error,
        principal::Principal,
        sign_in::SignIn,
    },
    clock::Clock,
    dns::Dns,
    id::{CodeId, UserId},
    jobs::sign_ins,
    moment::Moment,
    outside::receivers::Receivers,
    ownership::{address::Email, sign_on::Networks},
    secret::{Chance, ServerSecret},
    sign_on::provider::Providers,
    store::{
        db::{Db, Unit},
        error::DbError,
        tx::Tx,
        users,
    },
};

use tokio_util::sync::CancellationToken;

use crate::harness::{TestDb, presets, quick_passwords};

/// The service, and the database that it runs on.
pub struct Scene {
    pub app: App,
    pub test: TestDb,
}

pub const OPERATOR: Principal = Principal::Operator { token: None };

impl Scene {
    pub fn new(test: TestDb) -> Self {
        let chance = Chance::seeded(7);
        let app = App {
            db: test.db.clone(),
            clock: Clock::set_to(Moment::from_micros(1_800_000_000_000_000)),
            secret: ServerSecret::generate(&chance),
            chance,
            passwords: quick_passwords(),
            presets: presets(),
            dns: Dns::of_servers(&[]),
            providers: Providers::new(Networks::Private),
            receivers: Receivers::new(Networks::Private),
            public_url: "https://quorate.example.org".to_owned(),
            inbound: None,
        };
        Self { app, test }
    }

    /// Somebody whom the service knows.
    pub async fn person(&self, name: &str) -> Email {
        let email: Email = format!("{name}@example.org").parse().unwrap();
        self.app.db.run(Know { app: self.app.clone(), email: email.clone() }).await.unwrap();
        email
    }

    pub async fn id_of(&self, email: &Email) -> UserId {
        users::by_email(&mut self.app.db.read().await.unwrap(), email).await.unwrap().unwrap().id
    }

    /// Asks for a sign-in code.
    pub async fn request(&self, email: &Email) -> CodeId {
        let asked = self.app.db.run(SignIn { app: self.app.clone(), email: email.clone() }).await.unwrap();
        assert_eq!(sign_ins::sweep(&self.app, &CancellationToken::new()).await.unwrap().failed, 0);
        asked.request
    }

    /// Tries a code.
    pub async fn confirm(&self, email: &Email, code: &str, request: Option<CodeId>) -> Result<SignedIn, Error> {
        confirm(self.app.clone(), email.clone(), code.to_owned(), request).await
    }

    /// Signs somebody in.
    pub async fn sign_in(&self, email: &Email) -> SignedIn {
        let request = self.request(email).await;
        self.confirm(email, &self.app.secret.code(request), Some(request)).await.unwrap()
    }

    /// Signs somebody in, and has them call.
    pub async fn caller(&self, email: &Email) -> Principal {
        let signed_in = self.sign_in(email).await;
        authenticate(&self.app, &Credential::new(signed_in.token.reveal(), None)).await.unwrap()
    }

    /// Lets time pass.
    pub fn wait(&self, length: SignedDuration) {
        self.app.clock.advance(length);
    }

    pub async fn count(&self, text: &'static str) -> i64 {
        self.app.db.read().await.unwrap().sql(text).scalar().await.unwrap()
    }
}

pub async fn confirm(app: App, email: Email, code: String, request: Option<CodeId>) -> Result<SignedIn, Error> {
    let db: Db = app.db.clone();
    db.run(ConfirmSignIn { app, email, code, request, browser: None }).await?.signed_in()
}

/// Eight digits that are not that code.
pub fn wrong(code: &str) -> String {
    let number: u64 = code.parse().unwrap();
    format!("{:08}", (number + 1) % 100_000_000)
}

struct Know {
    app: App,
    email: Email,
}

impl Unit for Know {
    type Out = ();
    type Error = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let now = self.app.now();
        users::find_or_create(tx, self.app.chance.id(now), &self.email, "Ada Lovelace", now).await?;
        Ok(())
    }
}
