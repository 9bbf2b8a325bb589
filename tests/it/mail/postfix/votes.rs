//! The document's own way: administrators write mails. They go through a mail server which signs them (`OpenDKIM`) and hands
//! what is for us to the built program, which asks a name server (dnsmasq) for the key. Nothing of that is ours but the program.

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor, address::Envelope, transport::smtp::authentication::Credentials,
};
use mail_parser::MessageParser;
use quorate::{clock::Clock, store::tx::Backend};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    cli::place::{Place, Serving},
    harness::{
        TestDb,
        nameserver::Nameserver,
        on_both,
        opendkim::Opendkim,
        postfix::{More, PATIENCE, Postfix},
        program::free_port,
    },
};

on_both!(three_of_five_write_a_mail_each);

const ADDRESS: &str = "votes@quorate.example";
const OWNER: &str = "Olga";
const ADMINISTRATORS: [&str; 5] = ["Ada", "Ben", "Cleo", "Dora", "Emil"];
const NOMINEE: &str = "Cleo";

/// As docs/operations.md has it.
const SETTINGS: &str = "
relay_domains = quorate.example
relay_recipient_maps = $transport_maps
transport_maps = texthash:{directory}/config/transport
recipient_delimiter = +
quorate_destination_recipient_limit = 1
";
const TRANSPORTS: &str = "votes@quorate.example quorate:\n";
/// The beginning of the first line, and the end of the second.
const SERVICE: (&str, &str) = ("quorate unix - n n - - pipe\n  user=", " --to ${recipient}\n");

struct Office {
    server: Postfix,
    signer: Opendkim,
    place: Place,
    serving: Serving,
    operator: String,
    http: reqwest::Client,
    /// Where the name server will be.
    dns: u16,
    clock: Clock,
    _database: TestDb,
}

#[test]
fn the_settings_are_those_of_the_documentation() {
    let documented = include_str!("../../../../docs/operations.md");
    assert!(documented.contains(&SETTINGS.replace("{directory}/config", "/etc/postfix")));
    assert!(documented.contains(TRANSPORTS) && documented.contains(SERVICE.0) && documented.contains(SERVICE.1));
}

async fn three_of_five_write_a_mail_each(test: TestDb) {
    let Some(office) = Office::open(&test).await else { return };
    let account = office.furnish().await;
    let sentence = format!(
        "The current account owner {} is not contactable and therefore {} should be made the new account owner.",
        named(OWNER),
        named(NOMINEE)
    );

    // As long as nobody can say whose a mail is, the mail server keeps it.
    office.post("Ada", ADDRESS, "", &sentence).await;
    office.server.noted("status=deferred").await;
    assert!(office.server.log().contains("the DNS does not answer"), "{}", office.server.log());
    assert_eq!(office.taken_in().await, Vec::<Value>::new());
    let _nameserver = Nameserver::start(office.dns, &office.signer.records).await;
    office.server.flush();
    let first = office.judged(1).await;
    assert_eq!((&first["verdict"], &first["sender"]), (&json!("counted"), &json!(address("Ada"))), "{first}");
    assert_eq!(first["account"], account);
    let case = first["case"].as_str().unwrap().to_owned();
    office.is(&case, "collecting", 1).await;
    office.server.newest(|mail| mail.to == address(OWNER) && mail.subject.contains("a recovery case was opened")).await;

    // Somebody whose mails the same server signs, in their own domain's name, writes in an administrator's; and somebody whose
    // mails it does not sign.
    for (nth, sender, why) in [(2, "mallory@example.com", "not_aligned"), (3, "mallory@acme.example", "not_signed")] {
        office.post("Ben", ADDRESS, &format!("Sender: {sender}\r\n"), &sentence).await;
        let forged = office.judged(nth).await;
        assert_eq!((&forged["verdict"], &forged["reason"]), (&json!("refused"), &json!(why)), "{forged}");
        assert_eq!((&forged["sender"], &forged["answered_at"]), (&json!(address("Ben")), &Value::Null), "{forged}");
    }
    office.is(&case, "collecting", 1).await;

    for (nth, name, state, approvals) in
        [(4, "Ben", "collecting", 2), (5, "Dora", "waiting", 3), (6, "Cleo", "waiting", 4), (7, "Emil", "waiting", 5)]
    {
        if name == "Emil" {
            // The one way on which the address has a plus.
            office.post(name, &office.answer_address(name).await, "", "I approve").await;
        } else {
            office.post(name, ADDRESS, "", &sentence).await;
        }
        let judged = office.judged(nth).await;
        assert_eq!((&judged["verdict"], &judged["case"]), (&json!("counted"), &json!(case)), "{judged}");
        office.is(&case, state, approvals).await;
    }
    office.serving.signal("TERM");
    assert_eq!(office.serving.ended(), Some(0));
    assert_eq!(office.place.run(&["audit", "verify"]).code, Some(0));
}

impl Office {
    async fn open(test: &TestDb) -> Option<Self> {
        if !Nameserver::is_there() {
            return None;
        }
        let signer = Opendkim::start(&["example.org", "example.com"]).await?;
        let database = test.bare_sibling().await;
        let place = Place::with_database(&database.url);
        let operator = place.json(&["init"])["operator_token"]["token"].as_str().unwrap().to_owned();
        let config = place.write("quorate.toml", "");
        // PostgreSQL lets its own user in.
        let user = match test.db.backend() {
            Backend::Sqlite => "nobody",
            Backend::Postgres => "postgres",
        };
        let server = Postfix::start_with(&More {
            settings: &format!("{SETTINGS}smtpd_milters = inet:127.0.0.1:{}\n", signer.port),
            services: &format!(
                "{}{user} argv={{directory}}/quorate mail receive --config {}{}",
                SERVICE.0,
                config.display(),
                SERVICE.1
            ),
            transports: TRANSPORTS,
        })?;
        // Where it was built, another user may not come.
        let (built, own) = (env!("CARGO_BIN_EXE_quorate"), server.directory().join("quorate"));
        std::fs::hard_link(built, &own).or_else(|_| std::fs::copy(built, &own).map(drop)).unwrap();
        let dns = free_port();
        let settings = format!(
            "data_dir = '{}'\ndatabase = '{}'\ninbound_address = '{ADDRESS}'\ndns_servers = ['127.0.0.1:{dns}']\n{}\
             [log]\nfilter = 'warn,quorate::cli=info'\n",
            place.data_dir().display(),
            database.url,
            server.table(server.ports.starttls),
        );
        place.write("quorate.toml", &settings);
        place.hand_to(user);
        let serving = place.serve(&["--config", config.to_str().unwrap()]);
        let (http, clock) = (crate::harness::http().build().unwrap(), Clock::system());
        Some(Self { server, signer, place, serving, operator, http, dns, clock, _database: database })
    }

    /// An account whose people have confirmed their addresses.
    async fn furnish(&self) -> String {
        let person = |name: &str| json!({"name": full(name), "email": address(name)});
        let new = json!({
            "name": "Example",
            "preset": "single-owner",
            "first_user": person(OWNER),
            "administrators": ADMINISTRATORS.map(person),
        });
        let account = self.call(Method::POST, "/v1/accounts", Some(new)).await;
        for name in ADMINISTRATORS.into_iter().chain([OWNER]) {
            let to = address(name);
            let invitation = self.server.newest(|mail| mail.to == to && mail.subject.contains("Example: ")).await;
            let confirm = json!({"token": invitation.link_token().unwrap(), "confirm": true});
            self.call(Method::POST, "/v1/links/redeem", Some(confirm)).await;
        }
        account["id"].as_str().unwrap().to_owned()
    }

    /// Somebody writes a mail, with their own mail program.
    async fn post(&self, name: &str, to: &str, more: &str, words: &str) {
        let date = Timestamp::from_microsecond(self.clock.now().micros()).unwrap().to_zoned(TimeZone::UTC);
        let date = date.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let (from, full) = (address(name), full(name));
        let mail = format!(
            "From: {full} <{from}>\r\n{more}To: Support <{to}>\r\nSubject: Ownership\r\nDate: {date}\r\n\
             Message-ID: <{}@example.org>\r\n\r\nDear support team,\r\n\r\n{words}\r\n\r\nKind regards,\r\n{full}\r\n",
            self.clock.now().micros(),
        );
        let login = self.server.settings(self.server.ports.clear).login.unwrap();
        let program = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
            .port(self.server.ports.clear)
            .credentials(Credentials::new(login.user, login.password));
        let envelope = Envelope::new(Some(from.parse().unwrap()), vec![to.parse().unwrap()]).unwrap();
        let sent = program.build().send_raw(&envelope, mail.as_bytes()).await;
        assert!(sent.is_ok(), "{sent:?}\n{}\n{}", self.server.log(), self.signer.log());
    }

    /// Where somebody's answer to the request for their ballot goes.
    async fn answer_address(&self, name: &str) -> String {
        let to = address(name);
        let words = "please vote on a new owner";
        let request = self.server.newest(|mail| mail.to == to && mail.subject.contains(words)).await;
        let parsed = MessageParser::default().parse(request.raw.as_bytes()).unwrap();
        parsed.reply_to().unwrap().first().unwrap().address().unwrap().to_owned()
    }

    /// What came in, the newest first.
    async fn taken_in(&self) -> Vec<Value> {
        self.call(Method::GET, "/v1/mail/inbound", None).await["items"].as_array().unwrap().clone()
    }

    /// The newest, once there are so many.
    async fn judged(&self, count: usize) -> Value {
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        let wait = async {
            loop {
                pause.tick().await;
                let mut taken_in = self.taken_in().await;
                if taken_in.len() >= count {
                    return taken_in.swap_remove(0);
                }
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("{}", self.server.log()))
    }

    async fn is(&self, case: &str, state: &str, approvals: u64) {
        let case = self.call(Method::GET, &format!("/v1/cases/{case}"), None).await;
        let found = (&case["state"], &case["approvals"], &case["required"], &case["electorate"]);
        assert_eq!(found, (&json!(state), &json!(approvals), &json!(3), &json!(5)), "{case}");
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let url = format!("http://{}{path}", self.serving.address);
        let mut request = self.http.request(method, url).bearer_auth(&self.operator);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }
}

fn address(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase())
}

fn full(name: &str) -> String {
    format!("{name} Example")
}

fn named(name: &str) -> String {
    format!("{} ({})", full(name), address(name))
}
