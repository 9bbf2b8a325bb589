//! The whole site in process, on a fresh database: an account, its owner, and three administrators who have joined.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, header},
    response::Response,
};
use http_body_util::BodyExt;
use jiff::SignedDuration;
use quorate::{
    app::{
        app::App,
        principal::Principal,
        tokens::{CreateToken, TokenPower},
    },
    clock::Clock,
    config::Limits,
    dns::Dns,
    id::MailId,
    jobs::{pulse::Pulse, sign_ins},
    mail::{
        facts::Person,
        mailbox,
        post::{Post, Way},
        render::Letterhead,
    },
    moment::Moment,
    outside::receivers::Receivers,
    ownership::sign_on::Networks,
    secret::{Chance, ServerSecret},
    sign_on::provider::Providers,
    web::{
        case::live::Places,
        router::router,
        server::{Peer, serve},
        site::{Mailbox, Site},
        throttle::Throttle,
    },
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::harness::{
    TestDb, presets,
    proof::{PASSWORD, equip},
    quick_passwords,
};

pub const URL: &str = "http://127.0.0.1:8080";

pub struct House {
    pub site: Site,
    pub test: TestDb,
    pub operator: String,
    pub account: String,
    router: Router,
}

pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// The value of a hidden field of the page.
    pub fn hidden(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&field).unwrap_or_else(|| panic!("no `{name}` in {}", self.body));
        rest.split('"').next().unwrap().to_owned()
    }
}

/// A service without an account.
pub fn empty(test: TestDb, mailbox: Mailbox) -> House {
    super::log::listen();
    let chance = Chance::seeded(11);
    let app = App {
        db: test.db.clone(),
        clock: Clock::set_to(Moment::from_micros(1_795_356_000_000_000)),
        secret: ServerSecret::generate(&chance),
        chance,
        passwords: quick_passwords(),
        presets: presets(),
        dns: Dns::of_servers(&[]),
        providers: Providers::new(Networks::Private),
        receivers: Receivers::new(Networks::Private),
        public_url: URL.to_owned(),
        inbound: None,
    };
    let from = Person { name: "Quorate".to_owned(), address: "quorate@localhost.localdomain".to_owned() };
    let letterhead = Letterhead { service: "Quorate".to_owned(), public_url: URL.to_owned(), checkpoint: None };
    let post = Arc::new(Post::new(letterhead, from, Way::Mailbox));
    let throttle = Throttle::new(app.clock.clone(), &[]);
    let site = Site { app, post, pulse: Pulse::default(), mailbox, places: Places::among(64), throttle };
    House { router: router(&site, Limits::default()), site, test, operator: String::new(), account: String::new() }
}

/// Everybody in a furnished house, the owner first.
pub const PEOPLE: [&str; 4] = ["Olga Orlova", "Ben Bauer", "Cleo Costa", "Dora Dahl"];

impl House {
    /// With these proxies in front.
    pub fn behind(&mut self, proxies: &[&str]) {
        let proxies: Vec<_> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        self.site.throttle = Throttle::new(self.site.app.clock.clone(), &proxies);
        self.router = router(&self.site, Limits::default());
    }

    /// The same house, reached at another address.
    pub fn moved_to(&mut self, public_url: &str) {
        public_url.clone_into(&mut self.site.app.public_url);
        self.router = router(&self.site, Limits::default());
    }

    /// The same house, open to this machine; says where. It stays open until the test ends.
    pub async fn open_the_door(&mut self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        self.moved_to(&url);
        tokio::spawn(serve(listener, self.router.clone(), Limits::default(), CancellationToken::new()));
        url
    }

    /// The same, reached by a name, as passkeys take it.
    pub async fn open_the_named_door(&mut self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        self.moved_to(&url);
        tokio::spawn(serve(listener, self.router.clone(), Limits::default(), CancellationToken::new()));
        url
    }

    /// The same house, in which so many pages can be told at once.
    pub fn crowded(&mut self, places: Places) {
        self.site.places = places;
        self.router = router(&self.site, Limits::default());
    }

    /// The same house under another name.
    pub fn called(mut self, service: &str) -> Self {
        let post = &self.site.post;
        let letterhead = Letterhead { service: service.to_owned(), ..post.letterhead.clone() };
        let (from, reply_to) = (post.from.clone(), post.reply_to.clone());
        self.site.post = Arc::new(Post { reply_to, ..Post::new(letterhead, from, Way::Mailbox) });
        self.router = router(&self.site, Limits::default());
        self
    }

    /// The same service, reached at another address.
    pub fn at(mut self, url: &str) -> Self {
        url.clone_into(&mut self.site.app.public_url);
        self.router = router(&self.site, Limits::default());
        self
    }

    /// A service without an account, and an operator's token.
    pub async fn operated(test: TestDb) -> Self {
        let mut house = empty(test, Mailbox::Open);
        let operator = Principal::Operator { token: None };
        let power = TokenPower::Operator;
        let unit = CreateToken { app: house.site.app.clone(), principal: operator, name: "test".to_owned(), power };
        house.operator = house.site.app.db.run(unit).await.unwrap().secret.reveal().to_owned();
        house
    }

    /// An account of the preset `single-owner` with everybody in it.
    pub async fn furnished(test: TestDb) -> Self {
        Self::furnished_as("single-owner", test).await
    }

    /// An account of that preset with everybody in it.
    pub async fn furnished_as(preset: &str, test: TestDb) -> Self {
        let house = Self::moved_in(preset, test).await;
        for name in PEOPLE {
            house.equip(name).await;
        }
        house
    }

    /// The same, and nobody has a password yet.
    pub async fn moved_in(preset: &str, test: TestDb) -> Self {
        let mut house = Self::operated(test).await;
        let person = |name: &str| json!({"name": name, "email": address(name)});
        let administrators: Vec<Value> = ["Ben Bauer", "Cleo Costa", "Dora Dahl"].map(person).into();
        let new = json!({"name": "Acme Freight", "preset": preset, "first_user": person("Olga Orlova"),
            "administrators": administrators});
        let created = house.call("POST", "/v1/accounts", &house.operator, Some(new)).await;
        assert_eq!(created.status, 201, "{}", created.body);
        house.account = created.json()["id"].as_str().unwrap().to_owned();
        for name in PEOPLE {
            house.accept(name).await;
        }
        house
    }

    /// Somebody accepts the newest invitation to them.
    pub async fn accept(&self, name: &str) {
        let (link, token) = self.link(name, "invitation").await;
        let done = self.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
        assert_eq!(done.status, 200, "{}", done.body);
    }

    /// Somebody who has signed in shows once more who they are.
    pub async fn prove(&self, name: &str, token: &str) {
        self.equip(name).await;
        let proven = self.call("POST", "/v1/proof", token, Some(json!({"password": PASSWORD}))).await;
        assert_eq!(proven.status, 200, "{}", proven.body);
    }

    /// The same with a mailed code.
    pub async fn prove_by_code(&self, name: &str, token: &str) {
        assert_eq!(self.call("POST", "/v1/proof", token, Some(json!({}))).await.status, 202);
        let code = self.code(name).await;
        let proven = self.call("POST", "/v1/proof", token, Some(json!({"code": code}))).await;
        assert_eq!(proven.status, 200, "{}", proven.body);
    }

    /// Gives somebody a password, as if they had set it on the day on which they confirmed their address, unless they
    /// have one.
    pub async fn equip(&self, name: &str) {
        equip(&self.site.app, &address(name).parse().unwrap()).await;
    }

    /// Opens a case that would replace Olga by Cleo, and returns its id.
    pub async fn open_case(&self) -> String {
        self.open_case_by("Ben Bauer").await
    }

    /// Somebody opens it.
    pub async fn open_case_by(&self, name: &str) -> String {
        let opener = self.sign_in(name).await;
        let members = self.call("GET", &format!("/v1/accounts/{}/members", self.account), &opener, None).await.json();
        let cleo = members["items"].as_array().unwrap().iter().find(|member| member["name"] == "Cleo Costa").unwrap();
        let new = json!({"kind": "replace", "nominee": cleo["user"], "statement": "Olga left in September.\n<b>Her phone</b> is gone."});
        let opened = self.call("POST", &format!("/v1/accounts/{}/cases", self.account), &opener, Some(new)).await;
        assert_eq!(opened.status, 201, "{}", opened.body);
        opened.json()["id"].as_str().unwrap().to_owned()
    }

    /// Has Olga offer her ownership to somebody, and returns the offer's id.
    pub async fn offer(&self, to: &str) -> String {
        let (olga, to) = (self.proven("Olga Orlova").await, self.user(to).await);
        let path = format!("/v1/accounts/{}/transfers", self.account);
        let offered = self.call("POST", &path, &olga, Some(json!({"to": to}))).await;
        assert_eq!(offered.status, 201, "{}", offered.body);
        offered.json()["id"].as_str().unwrap().to_owned()
    }

    /// Has an administrator invite a member who is none.
    pub async fn invite(&self, by: &str, name: &str) {
        let by = self.sign_in(by).await;
        let new = json!({"name": name, "email": address(name), "role": "user"});
        let invited = self.call("POST", &format!("/v1/accounts/{}/members", self.account), &by, Some(new)).await;
        assert_eq!(invited.status, 201, "{}", invited.body);
    }

    /// Has one administrator suspend another.
    pub async fn suspend(&self, by: &str, name: &str) {
        let by = self.sign_in(by).await;
        let members = self.call("GET", &format!("/v1/accounts/{}/members", self.account), &by, None).await.json();
        let member = members["items"].as_array().unwrap().iter().find(|member| member["name"] == name).unwrap();
        let path = format!("/v1/accounts/{}/members/{}", self.account, member["user"].as_str().unwrap());
        let suspended = self.call("PATCH", &path, &by, Some(json!({"status": "suspended"}))).await;
        assert_eq!(suspended.status, 200, "{}", suspended.body);
    }

    /// The id of a member of the account.
    pub async fn user(&self, name: &str) -> String {
        let path = format!("/v1/accounts/{}/members", self.account);
        let members = self.call("GET", &path, &self.operator, None).await.json();
        let member = members["items"].as_array().unwrap().iter().find(|member| member["name"] == name);
        member.unwrap_or_else(|| panic!("no {name} in {members}"))["user"].as_str().unwrap().to_owned()
    }

    /// The names of those who own the account, in the order of the API.
    pub async fn owners(&self) -> Vec<String> {
        let owners =
            self.call("GET", &format!("/v1/accounts/{}/owners", self.account), &self.operator, None).await.json();
        owners["items"].as_array().unwrap().iter().map(|owner| owner["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Signs somebody in, has them prove who they are, and returns the session's token.
    pub async fn proven(&self, name: &str) -> String {
        let token = self.sign_in(name).await;
        self.prove(name, &token).await;
        token
    }

    /// Signs somebody in and returns the session's token.
    pub async fn sign_in(&self, name: &str) -> String {
        let asked = self.call("POST", "/v1/sign-in", "", Some(json!({"email": address(name)}))).await.json();
        let confirm = json!({"email": address(name), "code": self.code(name).await, "request": asked["request"]});
        let signed_in = self.call("POST", "/v1/sign-in/confirm", "", Some(confirm)).await;
        assert_eq!(signed_in.status, 200, "{}", signed_in.body);
        signed_in.json()["token"].as_str().unwrap().to_owned()
    }

    /// The newest mail of that kind to somebody, as text.
    pub async fn mail(&self, name: &str, kind: &str) -> Option<(MailId, String)> {
        self.mail_at(&address(name), kind).await
    }

    /// The newest mail of that kind to an address, as text.
    pub async fn mail_at(&self, email: &str, kind: &str) -> Option<(MailId, String)> {
        let lines = self.mailbox().await;
        let line = lines.into_iter().find(|line| line.entry.to.email == email && line.entry.kind == kind)?;
        let opened = mailbox::letter(&self.site.app, &self.site.post, line.entry.id).await.unwrap().unwrap();
        Some((line.entry.id, opened.letter.unwrap().rendered.text))
    }

    /// Everything in the mailbox, the newest first, once those who want to sign in have their mails.
    async fn mailbox(&self) -> Vec<mailbox::Line> {
        assert_eq!(sign_ins::sweep(&self.site.app, &CancellationToken::new()).await.unwrap().failed, 0);
        mailbox::list(&self.site.app, &self.site.post, 200).await.unwrap()
    }

    /// The link that signs somebody in, in the newest mail to them: the request's name, and its whole token.
    pub async fn sign_in_link(&self, name: &str) -> (String, String) {
        let text = self.mail(name, "sign_in_code").await.unwrap().1;
        let (_, rest) = text.split_once(&format!("{}/sign-in/link/", self.site.app.public_url)).unwrap();
        let (request, proof) = rest.split_whitespace().next().unwrap().split_once('#').unwrap();
        (request.to_owned(), format!("{request}.{proof}"))
    }

    /// How many mails of that kind somebody got.
    pub async fn mails(&self, name: &str, kind: &str) -> usize {
        let lines = self.mailbox().await;
        lines.iter().filter(|line| line.entry.to.email == address(name) && line.entry.kind == kind).count()
    }

    /// The link in that mail: its id, and its whole token.
    pub async fn link(&self, name: &str, kind: &str) -> (String, String) {
        let text = self.mail(name, kind).await.unwrap_or_else(|| panic!("no {kind} to {name}")).1;
        let (_, rest) =
            text.split_once(&format!("{}/l/", self.site.app.public_url)).unwrap_or_else(|| panic!("no link in {text}"));
        let (link, proof) = rest.split_whitespace().next().unwrap().split_once('#').unwrap();
        (link.to_owned(), format!("{link}.{proof}"))
    }

    /// The code in the newest mail to somebody that has one.
    pub async fn code(&self, name: &str) -> String {
        self.code_at(&address(name)).await
    }

    /// The code in the newest mail to an address that has one.
    pub async fn code_at(&self, email: &str) -> String {
        let lines = self.mailbox().await;
        let coded = |line: &&mailbox::Line| line.entry.to.email == email && line.entry.kind.ends_with("_code");
        let kind = lines.iter().find(coded).unwrap().entry.kind.clone();
        let text = self.mail_at(email, &kind).await.unwrap().1;
        let is_code = |word: &&str| word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
        text.split_whitespace().find(is_code).unwrap().to_owned()
    }

    /// A call of the API.
    pub async fn call(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = match body {
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.send(request.unwrap()).await
    }

    /// What a browser gets that opens an address.
    pub async fn open(&self, path: &str) -> Reply {
        self.send(Request::get(path).header(header::ACCEPT, "text/html,*/*;q=0.8").body(Body::empty()).unwrap()).await
    }

    /// What a browser gets that sends a form from one of our pages.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.form_from("same-origin", path, fields).await
    }

    /// What a browser gets that sends a form from some page.
    pub async fn form_from(&self, site: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::post(path)
            .header(header::ACCEPT, "text/html,*/*;q=0.8")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("origin", "null")
            .header("sec-fetch-site", site)
            .body(Body::from(body.join("&")));
        self.send(request.unwrap()).await
    }

    /// Any request, from this machine and to it unless it says otherwise.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let (parts, body) = self.answer(request).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Reply { status: parts.status.as_u16(), headers: parts.headers, body: String::from_utf8(body).unwrap() }
    }

    /// The same, with the answer as it comes.
    pub async fn answer(&self, mut request: Request<Body>) -> Response {
        // Mails stand in the order of their ids, which is that of time to the millisecond.
        self.site.app.clock.advance(SignedDuration::from_millis(1));
        if !request.headers().contains_key(header::HOST) {
            request.headers_mut().insert(header::HOST, "127.0.0.1:8080".parse().unwrap());
        }
        if request.extensions().get::<Peer>().is_none() {
            request.extensions_mut().insert(Peer("127.0.0.1:50000".parse().unwrap()));
        }
        self.router.clone().oneshot(request).await.unwrap()
    }
}

pub fn address(name: &str) -> String {
    format!("{}@acme.example", name.split(' ').next().unwrap().to_lowercase())
}
