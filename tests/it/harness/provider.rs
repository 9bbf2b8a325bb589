//! An identity provider on loopback, with keys of its own, that can be told to lie.
//!
//! Nobody signs in there: a test says who has, and gets what the provider would have their browser bring back.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use data_encoding::BASE64URL_NOPAD;
use quorate::clock::Clock;
use ring::{
    digest, hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::task::AbortOnDropHandle;

/// The account's client there.
pub const CLIENT: &str = "quorate-at-acme";
/// Its secret.
pub const SECRET: &str = "a-very-secret-client-secret";

/// How the provider differs from an honest one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lie {
    /// It does not.
    None,
    /// These claims stand in its word, or nothing where there is null.
    Claims(Value),
    /// Its word is signed by nothing.
    Unsigned,
    /// Its word is signed with its public key, as if that were a secret that both share.
    SignedWithThePublicKey,
    /// Its word is signed with the client's secret.
    SignedWithTheSecret,
    /// Its word is signed by a key that it does not show, under the name of one that it does.
    AnotherKey,
    /// The signature is of something else.
    BrokenSignature,
    /// It gives no ID token.
    NoToken,
    /// It says no.
    Refuses,
    /// It sends whoever asks for tokens elsewhere.
    Redirects(String),
    /// It answers with so many bytes.
    Floods(usize),
    /// It takes the call, and says nothing.
    Silent,
    /// It describes itself so.
    Describes(Value),
}

/// Somebody who has signed in there.
#[derive(Debug, Clone)]
pub struct Person {
    pub subject: String,
    pub email: String,
    pub verified: Option<bool>,
}

impl Person {
    pub fn new(subject: &str, email: &str) -> Self {
        Self { subject: subject.to_owned(), email: email.to_owned(), verified: Some(true) }
    }
}

#[derive(Clone)]
struct Granted {
    asked: BTreeMap<String, String>,
    person: Person,
}

struct Inner {
    issuer: String,
    clock: Clock,
    keys: Mutex<Keys>,
    lie: Mutex<Lie>,
    granted: Mutex<BTreeMap<String, Granted>>,
    spent: Mutex<BTreeMap<String, Granted>>,
    /// Every call that it got: method and path.
    calls: Mutex<Vec<String>>,
}

struct Keys {
    shown: EcdsaKeyPair,
    name: String,
}

/// The provider. It stops when it is dropped.
pub struct Provider {
    inner: Arc<Inner>,
    _task: AbortOnDropHandle<()>,
}

impl Provider {
    pub async fn start(clock: &Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let keys = Mutex::new(Keys { shown: key(), name: "first".to_owned() });
        let lie = Mutex::new(Lie::None);
        let (granted, spent, calls) = (Mutex::default(), Mutex::default(), Mutex::default());
        let inner = Arc::new(Inner { issuer, clock: clock.clone(), keys, lie, granted, spent, calls });
        let task = tokio::spawn(serve(listener, inner.clone()));
        Self { inner, _task: AbortOnDropHandle::new(task) }
    }

    pub fn issuer(&self) -> &str {
        &self.inner.issuer
    }

    /// From now on it lies so.
    pub fn lie(&self, lie: Lie) {
        *self.inner.lie.lock().unwrap() = lie;
    }

    /// Every call that it got so far.
    pub fn calls(&self) -> Vec<String> {
        self.inner.calls.lock().unwrap().clone()
    }

    /// It signs with another key from now on, and shows only that one.
    pub fn change_keys(&self) {
        *self.inner.keys.lock().unwrap() = Keys { shown: key(), name: "second".to_owned() };
    }

    /// What it would send somebody back with once more, if it forgot that it had.
    pub fn again(&self, back: &Back) -> Back {
        let spent = self.inner.spent.lock().unwrap().remove(&back.code).unwrap();
        self.inner.granted.lock().unwrap().insert(back.code.clone(), spent);
        back.clone()
    }

    /// Somebody signs in, having been sent to that address; says with what they are sent back, and where to.
    pub fn sign_in(&self, address: &str, person: Person) -> Back {
        let url: reqwest::Url = address.parse().unwrap();
        let asked: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"), "{asked:?}");
        let code = BASE64URL_NOPAD.encode(&ring::rand::generate::<[u8; 16]>(&SystemRandom::new()).unwrap().expose());
        let back = Back { to: asked["redirect_uri"].clone(), state: asked["state"].clone(), code: code.clone() };
        self.inner.granted.lock().unwrap().insert(code, Granted { asked, person });
        back
    }
}

/// What a browser brings back.
#[derive(Debug, Clone)]
pub struct Back {
    pub to: String,
    pub state: String,
    pub code: String,
}

fn key() -> EcdsaKeyPair {
    let chance = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &chance).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &chance).unwrap()
}

async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let inner = inner.clone();
        tokio::spawn(async move { drop(converse(stream, &inner).await) });
    }
}

/// One call for each connection.
async fn converse(mut stream: TcpStream, inner: &Inner) -> std::io::Result<()> {
    let (head, body) = request(&mut stream).await?;
    let mut words = head.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    inner.calls.lock().unwrap().push(format!("{method} {path}"));
    let lie = inner.lie.lock().unwrap().clone();
    let (status, extra, answer) = match (path, &lie) {
        (_, Lie::Silent) => return std::future::pending().await,
        (_, Lie::Floods(bytes)) => (200, String::new(), "1".repeat(*bytes)),
        ("/.well-known/openid-configuration", _) => (200, String::new(), described(inner, &lie).to_string()),
        ("/keys", _) => (200, String::new(), keys(inner).to_string()),
        ("/token", Lie::Redirects(to)) => (302, format!("Location: {to}\r\n"), String::new()),
        ("/token", Lie::Refuses) => (400, String::new(), json!({"error": "invalid_grant"}).to_string()),
        ("/token", _) => match token(inner, &lie, &head, &body) {
            Ok(answer) => (200, String::new(), answer.to_string()),
            Err(why) => (400, String::new(), json!({"error": "invalid_grant", "error_description": why}).to_string()),
        },
        _ => (404, String::new(), String::new()),
    };
    let head = format!(
        "HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\n{extra}Content-Length: {}\r\nConnection: close\r\n\r\n",
        answer.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

async fn request(stream: &mut TcpStream) -> std::io::Result<(String, String)> {
    let mut text = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let read = stream.read(&mut piece).await?;
        text.extend_from_slice(&piece[..read]);
        let whole = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = whole.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
            });
            if body.len() >= length.unwrap_or_default() {
                return Ok((head.to_owned(), body.to_owned()));
            }
        }
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn described(inner: &Inner, lie: &Lie) -> Value {
    let issuer = &inner.issuer;
    let mut description = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "none", "HS256"],
    });
    if let Lie::Describes(other) = lie {
        merge(&mut description, other);
    }
    description
}

fn merge(into: &mut Value, other: &Value) {
    for (name, value) in other.as_object().unwrap() {
        let fields = into.as_object_mut().unwrap();
        if value.is_null() { drop(fields.remove(name)) } else { drop(fields.insert(name.clone(), value.clone())) }
    }
}

fn keys(inner: &Inner) -> Value {
    let keys = inner.keys.lock().unwrap();
    let point = keys.shown.public_key().as_ref();
    let (x, y) = (BASE64URL_NOPAD.encode(&point[1..33]), BASE64URL_NOPAD.encode(&point[33..65]));
    json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": keys.name, "use": "sig", "alg": "ES256", "x": x, "y": y}]})
}

/// What a code stands for, once; checked as an honest provider does.
fn token(inner: &Inner, lie: &Lie, head: &str, body: &str) -> Result<Value, &'static str> {
    let url: reqwest::Url = format!("http://form/?{body}").parse().unwrap();
    let sent: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    let authorization = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("authorization").then(|| value.trim().to_owned())
    });
    let basic = format!("Basic {}", data_encoding::BASE64.encode(format!("{CLIENT}:{SECRET}").as_bytes()));
    if authorization.as_deref() != Some(basic.as_str()) {
        return Err("who are you?");
    }
    let granted = inner.granted.lock().unwrap().remove(&sent["code"]).ok_or("no such code")?;
    inner.spent.lock().unwrap().insert(sent["code"].clone(), granted.clone());
    let asked = &granted.asked;
    let hash = digest::digest(&digest::SHA256, sent["code_verifier"].as_bytes());
    if BASE64URL_NOPAD.encode(hash.as_ref()) != asked["code_challenge"] {
        return Err("not who asked for it");
    }
    if sent["redirect_uri"] != asked["redirect_uri"] {
        return Err("not where it was sent");
    }
    let now = inner.clock.now().micros() / 1_000_000;
    let mut claims = json!({
        "iss": inner.issuer, "aud": CLIENT, "sub": granted.person.subject, "iat": now, "exp": now + 300,
        "nonce": asked["nonce"], "email": granted.person.email,
    });
    if let Some(verified) = granted.person.verified {
        claims["email_verified"] = verified.into();
    }
    if let Lie::Claims(other) = lie {
        merge(&mut claims, other);
    }
    let mut answer = json!({"access_token": "nothing", "token_type": "Bearer", "expires_in": 300});
    if *lie != Lie::NoToken {
        answer["id_token"] = signed(inner, lie, &claims).into();
    }
    Ok(answer)
}

fn signed(inner: &Inner, lie: &Lie, claims: &Value) -> String {
    let keys = inner.keys.lock().unwrap();
    let alg = match lie {
        Lie::Unsigned => "none",
        Lie::SignedWithThePublicKey | Lie::SignedWithTheSecret => "HS256",
        Lie::AnotherKey
        | Lie::BrokenSignature
        | Lie::None
        | Lie::Claims(_)
        | Lie::NoToken
        | Lie::Refuses
        | Lie::Redirects(_)
        | Lie::Floods(_)
        | Lie::Silent
        | Lie::Describes(_) => "ES256",
    };
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let text = format!("{}.{}", part(&json!({"alg": alg, "typ": "JWT", "kid": keys.name})), part(claims));
    let by =
        |key: &EcdsaKeyPair, text: &str| key.sign(&SystemRandom::new(), text.as_bytes()).unwrap().as_ref().to_vec();
    let with =
        |secret: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), text.as_bytes()).as_ref().to_vec();
    let signature = match lie {
        Lie::Unsigned => Vec::new(),
        Lie::SignedWithThePublicKey => with(keys.shown.public_key().as_ref()),
        Lie::SignedWithTheSecret => with(SECRET.as_bytes()),
        Lie::AnotherKey => by(&key(), &text),
        Lie::BrokenSignature => by(&keys.shown, "something else"),
        Lie::None
        | Lie::Claims(_)
        | Lie::NoToken
        | Lie::Refuses
        | Lie::Redirects(_)
        | Lie::Floods(_)
        | Lie::Silent
        | Lie::Describes(_) => by(&keys.shown, &text),
    };
    format!("{text}.{}", BASE64URL_NOPAD.encode(&signature))
}
