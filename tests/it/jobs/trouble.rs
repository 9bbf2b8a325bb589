//! Twelve ways in which mail goes wrong, each with every kind of mail that has to arrive: none is lost, none is without a
//! record, and what is repeated is the same letter.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use jiff::SignedDuration;
use quorate::{
    app::record_bounce::{Recorded, record_bounce},
    id::{LinkId, MailId},
    jobs::deliver::Delivered,
    mail::{
        facts::Person,
        message::Message,
        post::{Post, Way},
        return_path::{ReturnPath, mail_at},
        smtp::{Postman, Settings, Tls},
    },
    store::mails::Status,
};

use super::world::{World, a_link};
use crate::{
    harness::{
        TestDb, on_both,
        smtp::{MailServer, Mood, Whim, can_speak_tls},
    },
    inbound::bounce::report,
    mail::samples::{all, office},
};

on_both!(
    refused_connections,
    temporary_refusals,
    lasting_refusals,
    dropped_in_the_middle,
    dropped_before_the_answer,
    slow_answers,
    stripped_tls,
    a_wrong_certificate,
    greylisting,
    full_mailboxes,
    late_bounces,
    duplicates,
);

/// The mails that have to arrive whatever has happened meanwhile: all but the typed codes, which somebody has just asked for and
/// asks for again. A new kind of mail has to have samples, and is here by that.
fn alerts() -> Vec<(String, Message)> {
    let alerts: Vec<_> = all().into_iter().filter(|(_, message)| message.code().is_none()).collect();
    assert!(alerts.len() > 80, "{}", alerts.len());
    alerts
}

/// All of them in the outbox, and a way to a mail server.
struct Scene {
    world: World,
    server: MailServer,
    post: Arc<Post>,
    mails: Vec<MailId>,
}

/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(20);

impl Scene {
    async fn new(test: TestDb) -> Self {
        Self::with(test, MailServer::start().await, PATIENCE).await
    }

    async fn with(test: TestDb, server: MailServer, timeout: Duration) -> Self {
        let world = World::new(test).await;
        let post = post(settings(&server, timeout));
        let mut mails = Vec::new();
        for (number, (_, message)) in alerts().into_iter().enumerate() {
            // The links of the samples are none of the database's.
            if let Some(link) = message.link() {
                know(&world, link).await;
            }
            mails.push(world.queue(&format!("reader{number}"), None, message).await);
        }
        Self { world, server, post, mails }
    }

    /// Delivers until nothing is due any more at this moment.
    async fn deliver(&self) -> Delivered {
        let mut total = Delivered::default();
        loop {
            let batch = self.world.deliver(&self.post).await;
            if batch == Delivered::default() {
                return total;
            }
            assert_eq!((batch.failed, batch.dropped, batch.lost), (0, 0, 0), "{batch:?}");
            total.accepted += batch.accepted;
            total.deferred += batch.deferred;
            total.given_up += batch.given_up;
        }
    }

    /// Every mail is deferred, and says why.
    async fn all_are_deferred(&self, why: &str) {
        let delivered = self.deliver().await;
        assert_eq!(delivered, Delivered { deferred: self.mails.len(), ..Delivered::default() });
        for mail in &self.mails {
            let entry = self.world.entry(*mail).await;
            assert_eq!(entry.status, Status::Queued);
            assert!(entry.next_at.is_some_and(|next| next > self.world.app.now()), "{entry:?}");
            let answer = entry.last_answer.unwrap_or_default();
            assert!(answer.contains(why), "{answer}");
        }
    }

    /// The trouble has ended: after a while each mail is accepted, and has one record, of which it is the only one.
    async fn all_arrive(&self) {
        self.server.feel(Mood::Well);
        for _ in 0..10 {
            self.world.app.clock.advance(SignedDuration::from_mins(10));
            self.deliver().await;
        }
        for mail in &self.mails {
            let entry = self.world.entry(*mail).await;
            assert_eq!((entry.status, entry.next_at), (Status::Accepted, None), "{entry:?}");
            assert!(entry.last_answer.is_some_and(|answer| answer.starts_with("250 ")));
        }
        self.same_letters(&self.mails);
    }

    /// What the server has of these mails: each once at least, and repeats letter by letter the same.
    fn same_letters(&self, mails: &[MailId]) {
        assert_eq!(self.server.bare(), Vec::<String>::new(), "a CR or LF alone on the wire");
        let mut letters: BTreeMap<MailId, String> = BTreeMap::new();
        for taken in self.server.taken() {
            let mail = mail_at(&taken.from, &self.world.app.secret).expect("each has its return path");
            let id = format!("Message-ID: <{mail}@quorate.example>");
            assert_eq!(taken.raw.lines().filter(|line| *line == id).count(), 1, "{}", taken.raw);
            let first = letters.entry(mail).or_insert_with(|| taken.raw.clone());
            assert_eq!(*first, taken.raw);
        }
        let all: BTreeSet<MailId> = mails.iter().copied().collect();
        assert_eq!(letters.into_keys().collect::<BTreeSet<_>>(), all, "each arrived, and nothing else did");
    }
}

fn settings(server: &MailServer, timeout: Duration) -> Settings {
    Settings {
        host: "localhost".to_owned(),
        port: server.address.port(),
        tls: Tls::None,
        authorities: None,
        login: None,
        signer: None,
        hello: "quorate.example".to_owned(),
        timeout,
    }
}

fn post(settings: Settings) -> Arc<Post> {
    let from = Person { name: "Quorate".to_owned(), address: "quorate@quorate.example".to_owned() };
    let return_path: ReturnPath = "bounces@quorate.example".parse().unwrap();
    let way = Way::Smtp(Box::new(Postman::new(settings).unwrap()));
    Arc::new(Post { return_path: Some(return_path), ..Post::new(office(), from, way) })
}

/// Makes a link of that id, like the one that there is.
async fn know(world: &World, link: LinkId) {
    let spelled = |id: LinkId| match world.app.db.backend() {
        quorate::store::tx::Backend::Sqlite => format!("x'{}'", id.uuid().simple()),
        quorate::store::tx::Backend::Postgres => format!("'{}'", id.uuid()),
    };
    let copy = format!(
        "insert into links (id, purpose, user_id, account_id, case_id, created_at)
         select {}, purpose, user_id, account_id, case_id, created_at from links where id = {}
         on conflict do nothing",
        spelled(link),
        spelled(a_link())
    );
    world.test.script(&copy).await;
}

async fn refused_connections(test: TestDb) {
    let scene = Scene::new(test).await;
    scene.server.feel(Mood::Closed);
    scene.all_are_deferred("connecting failed").await;
    scene.server.feel(Mood::Greets("554 no service here"));
    scene.world.app.clock.advance(SignedDuration::from_mins(2));
    scene.all_are_deferred("554").await;
    scene.all_arrive().await;
}

async fn temporary_refusals(test: TestDb) {
    let scene = Scene::new(test).await;
    for whim in [
        Whim::AtSender("451 4.3.0 try again"),
        Whim::AtRecipient("450 4.3.2 try again"),
        Whim::AtEnd("421 4.3.2 closing down"),
    ] {
        scene.server.feel(Mood::Always(whim));
        scene.all_are_deferred("4.3.").await;
        scene.world.app.clock.advance(SignedDuration::from_mins(10));
    }
    scene.all_arrive().await;
}

/// A lasting no to us is mended by the operator. A lasting no to a recipient is the end, and says so.
async fn lasting_refusals(test: TestDb) {
    let scene = Scene::new(test).await;
    scene.server.feel(Mood::Always(Whim::AtSender("550 5.7.1 not from you")));
    scene.all_are_deferred("mend `smtp.from`").await;
    scene.world.app.clock.advance(SignedDuration::from_mins(2));
    scene.server.feel(Mood::Always(Whim::AtRecipient("550 5.7.1 relay access denied")));
    scene.all_are_deferred("relay access denied").await;
    scene.world.app.clock.advance(SignedDuration::from_mins(10));
    scene.server.feel(Mood::Well);
    // Every other reader is nobody whom the server knows.
    let (gone, there): (Vec<_>, Vec<_>) = (0..scene.mails.len()).partition(|number| number % 2 == 0);
    for number in &gone {
        scene.server.on(&format!("reader{number}@acme.example"), Whim::AtRecipient("550 5.1.1 nobody of that name"));
    }
    let delivered = scene.deliver().await;
    assert_eq!(delivered, Delivered { accepted: there.len(), given_up: gone.len(), ..Delivered::default() });
    for number in gone {
        let entry = scene.world.entry(scene.mails[number]).await;
        assert_eq!((entry.status, entry.next_at), (Status::Undeliverable, None));
        assert_eq!(entry.last_answer.as_deref(), Some("550 5.1.1 nobody of that name"));
    }
    scene.same_letters(&there.iter().map(|number| scene.mails[*number]).collect::<Vec<_>>());
}

async fn dropped_in_the_middle(test: TestDb) {
    let scene = Scene::new(test).await;
    scene.server.feel(Mood::Always(Whim::Drop));
    scene.all_are_deferred("sending the mail failed").await;
    assert_eq!(scene.server.taken().len(), 0);
    scene.all_arrive().await;
}

/// The server has the mail and we do not know: it goes again, and is the same.
async fn dropped_before_the_answer(test: TestDb) {
    let scene = Scene::new(test).await;
    scene.server.feel(Mood::Always(Whim::DropAfter));
    scene.all_are_deferred("sending the mail failed").await;
    assert_eq!(scene.server.taken().len(), scene.mails.len());
    scene.all_arrive().await;
    assert_eq!(scene.server.taken().len(), 2 * scene.mails.len(), "twice, and the readers' programs can tell");
}

async fn slow_answers(test: TestDb) {
    let scene = Scene::with(test, MailServer::start().await, Duration::from_millis(150)).await;
    scene.server.feel(Mood::Always(Whim::Silent));
    scene.all_are_deferred("sending the mail took too long").await;
    // From here on the machine may take its time.
    let scene = Scene { post: post(settings(&scene.server, PATIENCE)), ..scene };
    scene.all_arrive().await;
}

/// A scene in which the server speaks TLS, which we require, or nothing where no certificates can be made.
async fn with_tls(test: TestDb) -> Option<Scene> {
    if !can_speak_tls() {
        println!("a mail server with TLS is not tried: there is no openssl");
        return None;
    }
    let (server, certificate) = MailServer::start_tls().await;
    let settings = Settings { tls: Tls::Required, authorities: Some(certificate), ..settings(&server, PATIENCE) };
    let post = post(settings);
    Some(Scene { post, ..Scene::with(test, server, PATIENCE).await })
}

async fn stripped_tls(test: TestDb) {
    let Some(scene) = with_tls(test).await else { return };
    scene.server.feel(Mood::Stripped);
    scene.all_are_deferred("this server offers no TLS here").await;
    assert_eq!(scene.server.taken().len(), 0, "nothing is said in the clear");
    scene.all_arrive().await;
}

async fn a_wrong_certificate(test: TestDb) {
    let Some(scene) = with_tls(test).await else { return };
    scene.server.feel(Mood::Impostor);
    scene.all_are_deferred("starting TLS failed").await;
    assert_eq!(scene.server.taken().len(), 0);
    scene.all_arrive().await;
}

/// Each mail is turned away the first time, which says nothing about the next.
async fn greylisting(test: TestDb) {
    let scene = Scene::new(test).await;
    scene.server.feel(Mood::Always(Whim::AtFirst("450 4.7.1 greylisted, come back in a minute")));
    scene.all_are_deferred("greylisted").await;
    scene.world.app.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(scene.deliver().await.accepted, scene.mails.len(), "while it still greylists");
    scene.all_arrive().await;
    assert_eq!(scene.server.taken().len(), scene.mails.len());
}

async fn full_mailboxes(test: TestDb) {
    let scene = Scene::new(test).await;
    for answer in ["452 4.2.2 mailbox full", "552 5.2.2 over quota"] {
        scene.server.feel(Mood::Always(Whim::AtRecipient(answer)));
        scene.all_are_deferred(".2.2 ").await;
        scene.world.app.clock.advance(SignedDuration::from_mins(10));
    }
    scene.all_arrive().await;
}

/// The server takes every mail, and reports each of them later.
async fn late_bounces(test: TestDb) {
    let scene = Scene::new(test).await;
    assert_eq!(scene.deliver().await.accepted, scene.mails.len());
    let app = &scene.world.app;
    app.clock.advance(SignedDuration::from_hours(20));
    let reported = app.now();
    let dsn = report("Action: failed\nStatus: 5.4.7\nDiagnostic-Code: smtp; 550 5.4.7 delivery expired");
    for taken in scene.server.taken() {
        let mail = mail_at(&taken.from, &app.secret).unwrap();
        assert_eq!(record_bounce(app, &taken.from, dsn.as_bytes()).await.unwrap(), Recorded::Bounced { mail });
        assert_eq!(record_bounce(app, &taken.from, dsn.as_bytes()).await.unwrap(), Recorded::AsBefore { mail });
    }
    app.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(scene.deliver().await, Delivered::default(), "nothing goes again by itself");
    for mail in &scene.mails {
        let entry = scene.world.entry(*mail).await;
        assert_eq!((entry.status, entry.next_at), (Status::Bounced, None));
        assert_eq!(entry.bounce, Some((reported, "550 5.4.7 delivery expired".to_owned())));
    }
    scene.same_letters(&scene.mails);
}

/// The process dies between the server's answer and the mark: the claim stands, and nothing else.
async fn duplicates(test: TestDb) {
    let scene = Scene::new(test).await;
    assert_eq!(scene.deliver().await.accepted, scene.mails.len());
    let lost = "update mails set status = 'queued', accepted_at = null, last_answer = null, next_at = created_at";
    scene.world.test.script(lost).await;
    scene.all_arrive().await;
    assert_eq!(scene.server.taken().len(), 2 * scene.mails.len());
}
