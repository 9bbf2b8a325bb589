//! The whole log of a running service, with nothing filtered out, and what must never be in it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
    thread::{self, JoinHandle},
};

use quorate::{
    app::app::App,
    clock::Clock,
    dns::Dns,
    jobs::sign_ins,
    mail::{
        facts::Person,
        mailbox,
        post::{Post, Way},
        render::Letterhead,
    },
    secret::Chance,
    service::secret_file,
    store::db::Db,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::place::Place;
use crate::harness::{
    TestDb,
    forms::found,
    on_both, presets, quick_passwords, small,
    smtp::{MailServer, Whim},
};

/// The service, its log as it grows, and everything that must not get into it.
struct Watched {
    child: Child,
    log: Option<JoinHandle<String>>,
    address: String,
    app: App,
    post: Post,
    secrets: Vec<String>,
}

impl Watched {
    async fn start(place: &Place, url: &str, mails: &MailServer) -> Self {
        let mut child = place
            .command(&["serve", "--listen", "127.0.0.1:0", "--log-format", "json"])
            .env("QUORATE_LOG_FILTER", "trace")
            .env("QUORATE_SMTP_HOST", "127.0.0.1")
            .env("QUORATE_SMTP_PORT", mails.address.port().to_string())
            .env("QUORATE_SMTP_TLS", "none")
            .env("QUORATE_SMTP_FROM", "Quorate <quorate@example.org>")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut log = String::new();
        let address = loop {
            let line = lines.next().expect("the log ended before the service was ready").unwrap();
            log += &format!("{line}\n");
            let said: Value = serde_json::from_str(&line).unwrap();
            if said["message"] == "ready" {
                break said["address"].as_str().unwrap().to_owned();
            }
        };
        let log = thread::spawn(move || {
            for line in lines {
                log.push_str(&line.unwrap());
                log.push('\n');
            }
            log
        });
        let url = (Db::open(url, &small()).await.unwrap(), format!("http://{address}"));
        let app = App {
            db: url.0,
            clock: Clock::system(),
            chance: Chance::system(),
            secret: secret_file::read(&place.data_dir().join("secret")).unwrap(),
            passwords: quick_passwords(),
            presets: presets(),
            dns: Dns::of_servers(&[]),
            providers: quorate::sign_on::provider::Providers::new(quorate::ownership::sign_on::Networks::default()),
            receivers: quorate::outside::receivers::Receivers::new(quorate::ownership::sign_on::Networks::default()),
            public_url: url.1.clone(),
            inbound: None,
        };
        let from = Person { name: "Quorate".to_owned(), address: "quorate@example.org".to_owned() };
        let letterhead = Letterhead { service: "Quorate".to_owned(), public_url: url.1, checkpoint: None };
        let post = Post::new(letterhead, from, Way::Mailbox);
        Self { child, log: Some(log), address, app, post, secrets: Vec::new() }
    }

    /// The status and the body; every token in it is a secret from now on.
    fn ask(&mut self, method: &str, path: &str, token: &str, kind: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: {kind}\r\n\
             accept: text/html, application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        if let Some(token) = serde_json::from_str::<Value>(body).ok().as_ref().and_then(|body| body["token"].as_str()) {
            self.secrets.push(token.to_owned());
        }
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn call(&mut self, method: &str, path: &str, token: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, body) = self.ask(method, path, token, "application/json", &body);
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    /// The newest mail of that kind to that address, as text.
    async fn mail(&self, email: &str, kind: &str) -> String {
        // Whoever wants to sign in is looked up by a job, here or there: afterwards the mail is queued.
        sign_ins::sweep(&self.app, &CancellationToken::new()).await.unwrap();
        let lines = mailbox::list(&self.app, &self.post, 200).await.unwrap();
        let line = lines.iter().find(|line| line.entry.to.email == email && line.entry.kind == kind);
        let id = line.unwrap_or_else(|| panic!("no {kind} to {email}")).entry.id;
        mailbox::letter(&self.app, &self.post, id).await.unwrap().unwrap().letter.unwrap().rendered.text
    }

    async fn sign_in(&mut self, email: &str) -> String {
        let (_, asked) = self.call("POST", "/v1/sign-in", "", &json!({"email": email}));
        let code = code(&self.mail(email, "sign_in_code").await);
        let confirm = json!({"email": email, "code": code, "request": asked["request"]});
        self.call("POST", "/v1/sign-in/confirm", "", &confirm).1["token"].as_str().unwrap().to_owned()
    }

    /// Every code and every link of every mail.
    async fn remember_mails(&mut self) {
        for line in mailbox::list(&self.app, &self.post, 200).await.unwrap() {
            let opened = mailbox::letter(&self.app, &self.post, line.entry.id).await.unwrap().unwrap();
            let text = opened.letter.unwrap().rendered.text;
            if text.contains("/l/") {
                let token = link(&text);
                self.secrets.push(token.split_once('.').unwrap().1.to_owned());
            }
            if let Some((_, link)) = text.split_once("/sign-in/link/") {
                let (_, proof) = link.split_whitespace().next().unwrap().split_once('#').unwrap();
                self.secrets.push(proof.to_owned());
            }
            if line.entry.kind.ends_with("_code") {
                self.secrets.push(code(&text));
            }
        }
    }

    /// The whole log, after the service has ended well.
    fn ended(&mut self) -> String {
        let kill = format!("kill -s TERM {}", self.child.id());
        assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        self.log.take().unwrap().join().unwrap()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn code(text: &str) -> String {
    let is_code = |word: &&str| word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
    text.split_whitespace().find(is_code).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

/// The token of the link in a mail.
fn link(text: &str) -> String {
    let (_, rest) = text.split_once("/l/").unwrap_or_else(|| panic!("no link in {text}"));
    rest.split_whitespace().next().unwrap().replace('#', ".")
}

const ACCOUNT: &str = "Northern Sample Works";
const STATEMENT: &str = "The first owner has left for the islands.";
const PEOPLE: [&str; 5] = ["First Owner", "Administrator Alpha", "Administrator Beta", "Nominee One", "Member Four"];

fn address(name: &str) -> String {
    format!("{}@sample.example", name.to_lowercase().replace(' ', "."))
}

on_both!(a_whole_story_leaves_nothing_of_anybody_in_the_log);

async fn a_whole_story_leaves_nothing_of_anybody_in_the_log(test: TestDb) {
    let bare = test.bare_sibling().await;
    let place = Place::with_database(&bare.url);
    let operator = place.json(&["init"])["operator_token"]["token"].as_str().unwrap().to_owned();
    let mails = MailServer::start().await;
    // A mail server that repeats what it was told.
    mails.on(&address("Member Four"), Whim::AtRecipient("550 5.1.1 <member.four@sample.example>: no such Member Four"));
    let mut watched = Watched::start(&place, &bare.url, &mails).await;
    watched.secrets.push(operator.clone());
    watched.secrets.push(std::fs::read_to_string(place.data_dir().join("secret")).unwrap().trim().to_owned());
    let case = recover(&mut watched, &operator).await;
    stumble(&mut watched, &operator, &case);
    watched.remember_mails().await;
    assert!(mails.taken().len() > 10, "mails went out by SMTP");
    let log = watched.ended();
    for part in ["\"target\":\"quorate::web::layers\"", "\"target\":\"sqlx::query\"", "\"level\":\"DEBUG\""] {
        assert!(log.contains(part), "the log is not as talkative as it should be: no {part}");
    }
    assert!(log.contains("a mail is undeliverable"), "a mail was refused");
    let own = PEOPLE.iter().map(|name| (*name).to_owned()).chain(PEOPLE.map(address));
    watched.secrets.extend(own.chain([ACCOUNT.to_owned(), STATEMENT.to_owned(), "sample.example".to_owned()]));
    assert!(watched.secrets.len() > 25, "{} secrets", watched.secrets.len());
    for secret in &watched.secrets {
        let lines = log.lines().filter(|line| !found(secret, line).is_empty());
        assert_eq!(lines.collect::<Vec<_>>(), Vec::<&str>::new(), "`{secret}` is in the log");
    }
}

/// The owner is replaced, up to the waiting period; then the owner stops it.
async fn recover(watched: &mut Watched, operator: &str) -> String {
    let person = |name: &str| json!({"name": name, "email": address(name)});
    let new = json!({"name": ACCOUNT, "preset": "single-owner", "first_user": person(PEOPLE[0]),
        "administrators": [person(PEOPLE[1]), person(PEOPLE[2]), person(PEOPLE[3])]});
    let (status, account) = watched.call("POST", "/v1/accounts", operator, &new);
    assert_eq!(status, 201, "{account}");
    let account = account["id"].as_str().unwrap().to_owned();
    for name in &PEOPLE[..4] {
        let token = link(&watched.mail(&address(name), "invitation").await);
        // By the page, as people do.
        let id = token.split_once('.').unwrap().0;
        assert_eq!(watched.ask("GET", &format!("/l/{id}"), "", "text/plain", "").0, 200);
        let form = format!("token={token}");
        let kind = "application/x-www-form-urlencoded";
        assert_eq!(watched.ask("POST", &format!("/l/{id}/show"), "", kind, &form).0, 200);
        assert_eq!(watched.ask("POST", &format!("/l/{id}/do"), "", kind, &form).0, 200);
    }
    let alpha = watched.sign_in(&address(PEOPLE[1])).await;
    let member = json!({"name": PEOPLE[4], "email": address(PEOPLE[4]), "role": "user"});
    assert_eq!(watched.call("POST", &format!("/v1/accounts/{account}/members"), &alpha, &member).0, 201);
    let (_, members) = watched.call("GET", &format!("/v1/accounts/{account}/members"), &alpha, &Value::Null);
    let nominee = members["items"].as_array().unwrap().iter().find(|member| member["name"] == PEOPLE[3]).unwrap();
    let new = json!({"kind": "replace", "nominee": nominee["user"], "statement": STATEMENT});
    let (status, case) = watched.call("POST", &format!("/v1/accounts/{account}/cases"), &alpha, &new);
    assert_eq!(status, 201, "{case}");
    let id = case["id"].as_str().unwrap().to_owned();
    for name in [PEOPLE[1], PEOPLE[2]] {
        let token = link(&watched.mail(&address(name), "ballot_request").await);
        let ballot = json!({"token": token, "choice": "approve", "terms_hash": case["terms_hash"]});
        assert_eq!(watched.call("POST", "/v1/links/redeem", "", &ballot).0, 200);
    }
    let owner = watched.sign_in(&address(PEOPLE[0])).await;
    assert_eq!(watched.call("POST", "/v1/proof", &owner, &json!({})).0, 202);
    let proof = code(&watched.mail(&address(PEOPLE[0]), "proof_code").await);
    assert_eq!(watched.call("POST", "/v1/proof", &owner, &json!({"code": proof})).0, 200);
    // On the first day a mailed code is enough for a password, and a password is proof.
    let password = json!({"password": "tractor-violet-armchair"});
    assert_eq!(watched.call("PUT", "/v1/me/password", &owner, &password).0, 200);
    assert_eq!(watched.call("POST", "/v1/proof", &owner, &password).0, 200);
    assert_eq!(watched.call("POST", &format!("/v1/cases/{id}/veto"), &owner, &Value::Null).0, 200);
    // Until every mail has met the mail server.
    let mut left = 2000;
    while left > 0 {
        let (_, listed) =
            watched.call("GET", &format!("/v1/accounts/{account}/mail?limit=200"), operator, &Value::Null);
        let waiting = listed["items"].as_array().unwrap().iter().filter(|mail| mail["status"] == "queued").count();
        left = if waiting == 0 { 0 } else { left - 1 };
    }
    id
}

/// What goes wrong, with as much of people in it as can be.
fn stumble(watched: &mut Watched, operator: &str, case: &str) {
    let (name, email) = (PEOPLE[0], address(PEOPLE[0]));
    for (method, path, token, body) in [
        ("GET", format!("/{email}/{STATEMENT}?who={email}").replace(' ', "%20"), operator, Value::Null),
        ("GET", format!("/v1/accounts/{email}?name={email}"), operator, Value::Null),
        ("GET", format!("/v1/cases/{case}"), "quorate_session_of_First_Owner", Value::Null),
        ("POST", "/v1/accounts".to_owned(), operator, json!({"name": ACCOUNT, "first_user": name})),
        (
            "POST",
            "/v1/accounts".to_owned(),
            operator,
            json!({"name": ACCOUNT, "preset": STATEMENT, "first_user": {"name": name, "email": email}}),
        ),
        ("POST", "/v1/sign-in".to_owned(), "", json!({"email": email, "statement": STATEMENT})),
        ("POST", "/v1/sign-in".to_owned(), "", json!({"email": format!("{name} <{email}>")})),
        ("POST", "/v1/sign-in/confirm".to_owned(), "", json!({"email": email, "code": "13572468"})),
        ("POST", "/v1/links/redeem".to_owned(), "", json!({"token": email})),
    ] {
        let (status, answer) = watched.call(method, &path, token, &body);
        assert!((400..500).contains(&status), "{method} {path}: {status} {answer}");
    }
    watched.secrets.push("13572468".to_owned());
    // A client that goes away in the middle of its request.
    let mut stream = TcpStream::connect(&watched.address).unwrap();
    let half =
        format!("POST /v1/sign-in HTTP/1.1\r\nhost: {email}\r\ncontent-length: 1000\r\n\r\n{{\"email\":\"{email}\"");
    stream.write_all(half.as_bytes()).unwrap();
    drop(stream);
    assert_eq!(watched.call("GET", "/healthz", "", &Value::Null).0, 200);
}
