//! Signing in at an account's identity provider: whom its word lets in, and how nobody else gets in by it.

use axum::http::{Request, header};
use jiff::SignedDuration;
use quorate::{
    app::error::Error,
    id::{AccountId, UserId},
    moment::Moment,
    ownership::{
        settings::{Domain, JoinDomain},
        sign_on::Networks,
    },
    sign_on::provider::Providers,
    store::{
        db::Unit,
        domains::{self, Proof},
        tx::Tx,
    },
};
use serde_json::{Value, json};

use super::{
    pages::browser::{Browser, to},
    site::{House, PEOPLE, Reply, address},
};
use crate::{
    app::dump::dump,
    harness::{
        TestDb, on_both,
        provider::{Back, CLIENT, Lie, Person, Provider, SECRET},
    },
};

on_both!(
    an_owner_sets_it_up_and_everybody_is_told,
    only_an_owner_who_has_shown_it_is_them_sets_it_up,
    a_member_signs_in_and_is_told_the_first_time,
    beginning_writes_nothing,
    a_lying_provider_lets_nobody_in,
    whoever_is_no_member_is_not_let_in,
    a_subject_stays_whose_it_is,
    what_comes_back_counts_once_in_one_browser_for_one_account,
    a_changed_provider_knows_nobody_and_ends_sessions,
    keys_change,
    a_public_client_has_no_secret,
    the_domain_alone_is_looked_at,
);

/// The domain of everybody's address.
const DOMAIN: &str = "acme.example";

/// Proves a domain to an account, as if its record had just been found.
pub struct ProveDomain {
    pub account: AccountId,
    pub domain: &'static str,
    pub by: UserId,
    pub at: Moment,
}

impl Unit for ProveDomain {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let join = JoinDomain { domain: Domain::taken(self.domain)?, role: "user".to_owned(), proven_at: None };
        domains::insert(tx, self.account, &join, self.by, self.at).await?;
        let proof = Proof::Found { at: self.at, look_again: self.at };
        Ok(domains::save_proof(tx, self.account, &join.domain, proof).await?)
    }
}

/// A house whose people sign in at a provider.
pub struct Office {
    pub house: House,
    pub provider: Provider,
}

impl Office {
    pub async fn of(test: TestDb) -> Self {
        let house = House::furnished(test).await;
        Self::around(house).await
    }

    /// The same around a house that is there already.
    pub async fn around(house: House) -> Self {
        let provider = Provider::start(&house.site.app.clock).await;
        let office = Self { house, provider };
        office.prove_domain(&office.house.account, DOMAIN).await;
        let set = office.set(&office.house.account, office.provider.issuer()).await;
        assert_eq!(set.status, 200, "{}", set.body);
        office
    }

    pub async fn prove_domain(&self, account: &str, domain: &'static str) {
        let by = self.house.user("Olga Orlova").await.parse().unwrap();
        let (account, app) = (account.parse().unwrap(), &self.house.site.app);
        app.db.run(ProveDomain { account, domain, by, at: app.now() }).await.unwrap();
    }

    pub async fn set(&self, account: &str, issuer: &str) -> Reply {
        let olga = self.house.proven("Olga Orlova").await;
        let new = json!({"issuer": issuer, "client_id": CLIENT, "client_secret": SECRET});
        self.house.call("PUT", &format!("/v1/accounts/{account}/sign-on"), &olga, Some(new)).await
    }

    fn begin(&self) -> String {
        format!("/sign-on/{}", self.house.account)
    }

    /// Somebody's browser is sent to the provider; says to which address.
    pub async fn sent(&self, browser: &Browser<'_>, next: &str) -> String {
        leads_to(&browser.post(&self.begin(), &[("next", next)]).await)
    }

    /// Somebody signs in, and what comes of it.
    pub async fn signs_in(&self, browser: &Browser<'_>, person: Person) -> Reply {
        let back = self.provider.sign_in(&self.sent(browser, "/").await, person);
        returns(browser, &back, "").await
    }

    /// A session's token of somebody who has signed in so.
    pub async fn token(&self, name: &str) -> String {
        self.token_of(name, name).await
    }

    /// The same of somebody whom the provider knows by that subject.
    pub async fn token_of(&self, subject: &str, name: &str) -> String {
        let browser = Browser::new(&self.house);
        let done = self.signs_in(&browser, Person::new(subject, &address(name))).await;
        assert_eq!(done.status, 303, "{}", done.body);
        let cookie = browser.cookie.borrow().clone().unwrap();
        cookie.split_once('=').unwrap().1.to_owned()
    }
}

/// The address to which a page leads that goes on by itself.
pub fn leads_to(page: &Reply) -> String {
    assert_eq!(page.status, 200, "{}", page.body);
    let (_, rest) = page.body.split_once("content=\"0;url=").unwrap_or_else(|| panic!("{}", page.body));
    rest.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&")
}

/// A browser is sent back, as another site sends one.
pub async fn returns(browser: &Browser<'_>, back: &Back, more: &str) -> Reply {
    let path = back.to.strip_prefix(super::site::URL).unwrap_or(&back.to);
    let path = format!("{path}?code={}&state={}{more}", back.code, back.state);
    let request = Request::get(path)
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    browser.send(request).await
}

fn mia(name: &str) -> Person {
    Person::new(name, &address(name))
}

/// Whether nobody is signed in by an answer, and why not.
fn refused(reply: &Reply, words: &str) {
    assert!((400..500).contains(&reply.status), "{} {}", reply.status, reply.body);
    assert!(reply.body.contains(words), "{words}: {}", reply.body);
    let cookies: Vec<_> = reply.headers.get_all(header::SET_COOKIE).iter().collect();
    assert!(cookies.iter().all(|cookie| cookie.to_str().unwrap().starts_with("quorate-sign-on=;")), "{cookies:?}");
}

async fn an_owner_sets_it_up_and_everybody_is_told(test: TestDb) {
    let office = Office::of(test).await;
    let house = &office.house;
    let path = format!("/v1/accounts/{}/sign-on", house.account);
    let ben = house.sign_in("Ben Bauer").await;
    let shown = house.call("GET", &path, &ben, None).await;
    let view = shown.json();
    assert_eq!(view["provider"]["issuer"], office.provider.issuer());
    assert_eq!(view["provider"]["has_secret"], true);
    assert_eq!(view["redirect_uri"], format!("http://127.0.0.1:8080/sign-on/{}/return", house.account));
    assert!(!shown.body.contains(SECRET));
    let told = house.mail("Olga Orlova", "sign_on").await.unwrap().1.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("had people sign in through the identity provider"), "{told}");
    let log = house.call("GET", &format!("/v1/accounts/{}/activity", house.account), &ben, None).await;
    assert!(log.body.contains("sign_on.set_up") && !log.body.contains(SECRET), "{}", log.body);
    // Nothing that the database holds tells the secret.
    let all = format!("{:?}", dump(&house.test).await);
    for form in crate::harness::forms::forms(SECRET) {
        assert!(!all.contains(&form), "{form}");
    }
    let olga = house.proven("Olga Orlova").await;
    assert_eq!(house.call("DELETE", &path, &olga, None).await.status, 204);
    assert_eq!(house.call("GET", &path, &ben, None).await.json()["provider"], Value::Null);
    assert_eq!(house.call("DELETE", &path, &olga, None).await.status, 404);
    assert_eq!(house.mails("Olga Orlova", "sign_on").await, 2);
}

async fn only_an_owner_who_has_shown_it_is_them_sets_it_up(test: TestDb) {
    let house = House::furnished(test).await;
    let path = format!("/v1/accounts/{}/sign-on", house.account);
    let new = json!({"issuer": "https://id.example.org", "client_id": "a", "client_secret": "b"});
    let (olga, ben) = (house.sign_in("Olga Orlova").await, house.proven("Ben Bauer").await);
    let code = |reply: Reply| reply.json()["code"].as_str().unwrap().to_owned();
    for (method, body) in [("PUT", Some(new.clone())), ("DELETE", None)] {
        assert_eq!(code(house.call(method, &path, &olga, body.clone()).await), "needs_fresh_proof");
        assert_eq!(code(house.call(method, &path, &ben, body.clone()).await), "owners_only");
        assert_eq!(code(house.call(method, &path, &house.operator, body).await), "people_only");
    }
    house.prove("Olga Orlova", &olga).await;
    for (field, wrong, named) in [
        ("issuer", "http://id.example.org", "not_an_issuer"),
        ("client_id", "two words", "not_a_client"),
        ("client_secret", "ä", "not_a_client"),
    ] {
        let mut new = new.clone();
        new[field] = wrong.into();
        assert_eq!(code(house.call("PUT", &path, &olga, Some(new)).await), named);
    }
    assert_eq!(house.call("PUT", &path, &olga, Some(new)).await.status, 200);
}

async fn a_member_signs_in_and_is_told_the_first_time(test: TestDb) {
    let office = Office::of(test).await;
    let (house, browser) = (&office.house, Browser::new(&office.house));
    let page = browser.get(&office.begin()).await;
    assert!(page.status == 200 && page.body.contains("Acme Freight"), "{}", page.body);
    let next = format!("/accounts/{}/activity", house.account);
    let address = office.sent(&browser, &next).await;
    assert!(address.starts_with(&format!("{}/authorize?", office.provider.issuer())), "{address}");
    let back = office.provider.sign_in(&address, mia("Ben Bauer"));
    let done = returns(&browser, &back, "").await;
    assert_eq!((done.status, to(&done)), (303, next.as_str()), "{}", done.body);
    let home = browser.get("/").await;
    assert!(home.body.contains("Ben Bauer"), "{}", home.body);
    let told = house.mail("Ben Bauer", "sign_on").await.unwrap().1;
    assert!(told.contains("vouched for"), "{told}");
    let again = office.signs_in(&Browser::new(house), mia("Ben Bauer")).await;
    assert_eq!(again.status, 303, "{}", again.body);
    assert_eq!(house.mails("Ben Bauer", "sign_on").await, 1);
}

async fn beginning_writes_nothing(test: TestDb) {
    let office = Office::of(test).await;
    let before = dump(&office.house.test).await;
    let browser = Browser::new(&office.house);
    for _ in 0..3 {
        office.sent(&browser, "/").await;
    }
    let set = browser.cookie.borrow().clone().unwrap();
    assert!(set.starts_with("quorate-sign-on="), "{set}");
    let back = Back { to: format!("{}/return", office.begin()), state: "invented".to_owned(), code: "x".to_owned() };
    refused(&returns(&browser, &back, "").await, "begin again");
    refused(&browser.get(&format!("{}/return?error=access_denied", office.begin())).await, "begin again");
    assert_eq!(dump(&office.house.test).await, before);
    assert!(
        !office.provider.calls().iter().any(|call| call.contains("/token")),
        "an invented answer is asked of nobody"
    );
}

async fn a_lying_provider_lets_nobody_in(test: TestDb) {
    let office = Office::of(test).await;
    let now = office.house.site.app.now().micros() / 1_000_000;
    let unchecked = "did not stand up to a check";
    let rows = [
        (Lie::Claims(json!({"iss": "https://evil.example"})), unchecked),
        (Lie::Claims(json!({"iss": null})), ""),
        (Lie::Claims(json!({"aud": "another-client"})), unchecked),
        (Lie::Claims(json!({"aud": [CLIENT, "another-client"]})), unchecked),
        (Lie::Claims(json!({"aud": null})), ""),
        (Lie::Claims(json!({"azp": "another-client"})), unchecked),
        (Lie::Claims(json!({"nonce": "another"})), unchecked),
        (Lie::Claims(json!({"nonce": null})), ""),
        (Lie::Claims(json!({"exp": now - 1})), unchecked),
        (Lie::Claims(json!({"exp": null})), ""),
        (Lie::Claims(json!({"iat": now - 3600, "exp": now + 300})), unchecked),
        (Lie::Claims(json!({"iat": now + 3600, "exp": now + 7200})), unchecked),
        (Lie::Unsigned, ""),
        (Lie::SignedWithThePublicKey, unchecked),
        (Lie::SignedWithTheSecret, unchecked),
        (Lie::AnotherKey, unchecked),
        (Lie::BrokenSignature, unchecked),
        (Lie::NoToken, "did not confirm"),
        (Lie::Refuses, "did not confirm"),
        (Lie::Redirects("http://127.0.0.1:1/".to_owned()), ""),
        (Lie::Floods(300 * 1024), "cannot be reached"),
        (Lie::Claims(json!({"email_verified": false})), "does not say that your address is yours"),
        (Lie::Claims(json!({"email_verified": null})), "does not say that your address is yours"),
        (Lie::Claims(json!({"email": null})), "did not tell us your address"),
        (Lie::Claims(json!({"email": "ben@evil.example"})), "has not proven"),
        (Lie::Claims(json!({"sub": "a".repeat(256)})), "did not say who you are"),
    ];
    // Asked once before it lies, so that what it says of itself is known.
    let browser = Browser::new(&office.house);
    office.sent(&browser, "/").await;
    let before = dump(&office.house.test).await;
    let mut let_in = Vec::new();
    for (lie, words) in rows {
        office.provider.lie(Lie::None);
        let browser = Browser::new(&office.house);
        let back = office.provider.sign_in(&office.sent(&browser, "/").await, mia("Ben Bauer"));
        office.provider.lie(lie.clone());
        let told = returns(&browser, &back, "").await;
        if told.status == 303 {
            let_in.push(lie);
        } else {
            refused(&told, words);
        }
    }
    assert!(let_in.is_empty(), "these let somebody in: {let_in:#?}");
    assert_eq!(dump(&office.house.test).await, before);
    office.provider.lie(Lie::None);
    assert_eq!(office.signs_in(&Browser::new(&office.house), mia("Ben Bauer")).await.status, 303, "it is the lies");
}

/// A provider that takes a call and says nothing keeps nobody for longer than a request may take.
#[tokio::test]
async fn a_silent_provider_is_given_up() {
    let office = Office::of(TestDb::sqlite().await).await;
    office.provider.lie(Lie::Silent);
    let waited = office.house.form(&office.begin(), &[]).await;
    refused(&waited, "cannot be reached");
}

/// What describes itself as somebody else, or leads browsers or us elsewhere, is no provider.
#[tokio::test]
async fn a_provider_is_what_its_issuer_says() {
    let mut office = Office::of(TestDb::sqlite().await).await;
    let clock = office.house.site.app.clock.clone();
    let mut taken = Vec::new();
    for wrong in [
        json!({"issuer": "https://evil.example"}),
        json!({"authorization_endpoint": "http://evil.example/authorize"}),
        json!({"authorization_endpoint": "javascript:alert(1)"}),
        json!({"jwks_uri": "http://10.0.0.1/keys"}),
        json!({"jwks_uri": "file:///etc/passwd"}),
    ] {
        clock.advance(SignedDuration::from_secs(601));
        office.provider.lie(Lie::Describes(wrong.clone()));
        let told = office.house.form(&office.begin(), &[]).await;
        if told.status == 200 {
            taken.push(wrong);
        }
    }
    assert!(taken.is_empty(), "{taken:#?}");
    // Where the operator has not said so, nothing is called in a network of ours; not even what was set up before.
    office.provider.lie(Lie::None);
    assert_eq!(office.house.form(&office.begin(), &[]).await.status, 200);
    office.house.site.app.providers = Providers::new(Networks::Public);
    let url = office.house.site.app.public_url.clone();
    office.house.moved_to(&url);
    let calls = office.provider.calls().len();
    refused(&office.house.form(&office.begin(), &[]).await, "cannot be reached");
    assert_eq!(office.provider.calls().len(), calls);
}

async fn whoever_is_no_member_is_not_let_in(test: TestDb) {
    let office = Office::of(test).await;
    let house = &office.house;
    let tried = async |person: Person| office.signs_in(&Browser::new(house), person).await;
    refused(&tried(Person::new("x", "nobody@acme.example")).await, "not a member");
    refused(&tried(Person::new("x", "ben@sub.acme.example")).await, "has not proven");
    house.invite("Ben Bauer", "Emil Ende").await;
    refused(&tried(mia("Emil Ende")).await, "not a member");
    house.suspend("Ben Bauer", "Dora Dahl").await;
    refused(&tried(mia("Dora Dahl")).await, "not a member");
    // Thirty days after its record was last found, the domain is nobody's to vouch for.
    house.site.app.clock.advance(SignedDuration::from_hours(24 * 30));
    refused(&tried(mia("Ben Bauer")).await, "has not proven");
}

async fn a_subject_stays_whose_it_is(test: TestDb) {
    let office = Office::of(test).await;
    let house = &office.house;
    let tried = async |subject: &str, name: &str| {
        office.signs_in(&Browser::new(house), Person::new(subject, &address(name))).await
    };
    assert_eq!(tried("one", "Ben Bauer").await.status, 303);
    refused(&tried("two", "Ben Bauer").await, "somebody else than the last time");
    refused(&tried("one", "Cleo Costa").await, "somebody else than the last time");
    assert_eq!(tried("two", "Cleo Costa").await.status, 303);
    assert_eq!(tried("one", "Ben Bauer").await.status, 303);
    // Whoever left, and comes back with the same address, may be somebody else there.
    let (olga, ben) = (house.proven("Olga Orlova").await, house.user("Ben Bauer").await);
    let path = format!("/v1/accounts/{}/members/{ben}", house.account);
    let ben_session = office.token_of("one", "Ben Bauer").await;
    assert_eq!(house.call("DELETE", &path, &olga, None).await.status, 204);
    assert_eq!(house.call("GET", "/v1/me", &ben_session, None).await.status, 401);
    house.invite("Cleo Costa", "Ben Bauer").await;
    house.accept("Ben Bauer").await;
    assert_eq!(tried("three", "Ben Bauer").await.status, 303);
}

async fn what_comes_back_counts_once_in_one_browser_for_one_account(test: TestDb) {
    let office = Office::of(test).await;
    let house = &office.house;
    let browser = Browser::new(house);
    let mut let_in = Vec::new();
    let mut no = |what: &str, reply: &Reply, words: &str| {
        if reply.status == 303 { let_in.push(what.to_owned()) } else { refused(reply, words) }
    };
    let cookie = |browser: &Browser<'_>| browser.cookie.borrow().clone();
    // Another browser, with no sign-in under way, or with one of its own.
    let back = office.provider.sign_in(&office.sent(&browser, "/").await, mia("Ben Bauer"));
    no("a browser without", &returns(&Browser::new(house), &back, "").await, "begin again");
    let other = Browser::new(house);
    office.sent(&other, "/").await;
    no("another browser", &returns(&other, &back, "").await, "begin again");
    // What it brings is for the one account, the one issuer and a visit of its own.
    let kept = cookie(&browser);
    no("another issuer", &returns(&browser, &back, "&iss=https://evil.example").await, "did not stand up");
    *browser.cookie.borrow_mut() = kept.clone();
    let elsewhere = Back { to: format!("/sign-on/{}/return", AccountId::from_uuid(uuid::Uuid::nil())), ..back.clone() };
    no("another account", &returns(&browser, &elsewhere, "").await, "Nobody signs in");
    for (name, value) in [("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image"), ("sec-fetch-dest", "iframe")] {
        *browser.cookie.borrow_mut() = kept.clone();
        let path = format!("{}/return?code={}&state={}", office.begin(), back.code, back.state);
        let refused = browser.send(Request::get(path).header(name, value)).await;
        assert_eq!(refused.status, 403, "{name} {value}");
    }
    // Once.
    *browser.cookie.borrow_mut() = kept.clone();
    let done = returns(&browser, &back, &format!("&iss={}", office.provider.issuer())).await;
    assert_eq!(done.status, 303, "{}", done.body);
    *browser.cookie.borrow_mut() = kept.clone();
    no("the same once more", &returns(&browser, &back, "").await, "");
    // A provider that answers twice is not taken twice either.
    let twice = office.provider.sign_in(&office.sent(&browser, "/").await, mia("Ben Bauer"));
    let kept = cookie(&browser);
    assert_eq!(returns(&browser, &twice, "").await.status, 303);
    let again = office.provider.again(&twice);
    *browser.cookie.borrow_mut() = kept;
    no("the provider twice", &returns(&browser, &again, "").await, "begin again");
    // In time.
    let late = office.provider.sign_in(&office.sent(&browser, "/").await, mia("Ben Bauer"));
    house.site.app.clock.advance(SignedDuration::from_secs(601));
    no("too late", &returns(&browser, &late, "").await, "begin again");
    // A provider that says it always names itself does so.
    let other = Browser::new(house);
    office.provider.lie(Lie::Describes(json!({"authorization_response_iss_parameter_supported": true})));
    no("an issuer that is silent", &office.signs_in(&other, mia("Ben Bauer")).await, "did not stand up");
    office.provider.lie(Lie::None);
    // It says no.
    office.sent(&other, "/").await;
    let state = office.provider.sign_in(&office.sent(&other, "/").await, mia("Ben Bauer")).state;
    let said_no = other.get(&format!("{}/return?error=access_denied&state={state}", office.begin())).await;
    no("the provider says no", &said_no, "did not sign you in");
    assert!(let_in.is_empty(), "these let somebody in: {let_in:?}");
}

async fn a_changed_provider_knows_nobody_and_ends_sessions(test: TestDb) {
    let office = Office::of(test).await;
    let house = &office.house;
    let ben = office.token("Ben Bauer").await;
    let path = format!("/v1/accounts/{}/sign-on", house.account);
    let olga = house.proven("Olga Orlova").await;
    // The same once more changes nothing; another client does.
    let same = json!({"issuer": office.provider.issuer(), "client_id": CLIENT});
    assert_eq!(house.call("PUT", &path, &olga, Some(same)).await.status, 200);
    assert_eq!(house.call("GET", "/v1/me", &ben, None).await.status, 200);
    let browser = Browser::new(house);
    let under_way = office.provider.sign_in(&office.sent(&browser, "/").await, mia("Ben Bauer"));
    let second = Provider::start(&house.site.app.clock).await;
    assert_eq!(office.set(&house.account, second.issuer()).await.status, 200);
    assert_eq!(house.call("GET", "/v1/me", &ben, None).await.status, 401);
    refused(&returns(&browser, &under_way, "").await, "begin again");
    // The other one knows Ben by another name, and nobody minds.
    let back = second.sign_in(&office.sent(&browser, "/").await, Person::new("number-7", &address("Ben Bauer")));
    assert_eq!(returns(&browser, &back, "").await.status, 303);
    // A secret is not shown to another provider than that for which it was typed.
    let third = json!({"issuer": office.provider.issuer(), "client_id": CLIENT});
    let olga = house.proven("Olga Orlova").await;
    let set = house.call("PUT", &path, &olga, Some(third)).await;
    assert_eq!(set.json()["provider"]["has_secret"], false, "{}", set.body);
}

async fn keys_change(test: TestDb) {
    let office = Office::of(test).await;
    let (house, ben) = (&office.house, || mia("Ben Bauer"));
    assert_eq!(office.signs_in(&Browser::new(house), ben()).await.status, 303);
    office.provider.change_keys();
    // They were asked for less than a minute ago.
    refused(&office.signs_in(&Browser::new(house), ben()).await, "did not stand up");
    house.site.app.clock.advance(SignedDuration::from_secs(61));
    let asked = office.provider.calls().iter().filter(|call| call.ends_with("/keys")).count();
    assert_eq!(office.signs_in(&Browser::new(house), ben()).await.status, 303);
    let again = office.provider.calls().iter().filter(|call| call.ends_with("/keys")).count();
    assert_eq!(again, asked + 1);
}

async fn a_public_client_has_no_secret(test: TestDb) {
    let office = Office::of(test).await;
    let house = &office.house;
    let path = format!("/v1/accounts/{}/sign-on", house.account);
    let olga = house.proven("Olga Orlova").await;
    let public = json!({"issuer": office.provider.issuer(), "client_id": CLIENT, "client_secret": ""});
    let set = house.call("PUT", &path, &olga, Some(public)).await;
    assert_eq!(set.json()["provider"]["has_secret"], false, "{}", set.body);
    // This provider wants one.
    refused(&office.signs_in(&Browser::new(house), mia("Ben Bauer")).await, "did not confirm");
}

async fn the_domain_alone_is_looked_at(test: TestDb) {
    let office = Office::of(test).await;
    let (house, browser) = (&office.house, Browser::new(&office.house));
    for known in PEOPLE.iter().map(|name| address(name)).chain(["nobody@acme.example".to_owned()]) {
        let led = browser.post("/sign-on", &[("email", &known), ("next", "/accounts/x")]).await;
        assert_eq!((led.status, to(&led)), (303, format!("{}?next=/accounts/x", office.begin()).as_str()), "{known}");
    }
    let none = browser.post("/sign-on", &[("email", "ben@other.example")]).await;
    assert!(none.status == 422 && none.body.contains("sign in with a code instead"), "{}", none.body);
    assert_eq!(browser.post("/sign-on", &[("email", "no address")]).await.status, 422);
    // A second account of the domain: one chooses by the names for people.
    let second = json!({"name": "Acme Shipping", "preset": "single-owner",
        "first_user": {"name": "Olga Orlova", "email": address("Olga Orlova")}});
    let second = house.call("POST", "/v1/accounts", &house.operator, Some(second)).await.json();
    let second = second["id"].as_str().unwrap().to_owned();
    house.accept("Olga Orlova").await;
    office.prove_domain(&second, DOMAIN).await;
    let led = browser.post("/sign-on", &[("email", "ben@acme.example")]).await;
    assert_eq!(led.status, 303, "it has no provider yet");
    assert_eq!(office.set(&second, office.provider.issuer()).await.status, 200);
    let choice = browser.post("/sign-on", &[("email", "ben@acme.example"), ("next", "/")]).await;
    assert!(choice.status == 200 && choice.body.contains(&format!("href=\"/sign-on/{second}\"")), "{}", choice.body);
    assert!(choice.body.contains("Acme Freight") && choice.body.contains("Acme Shipping"), "{}", choice.body);
    // Where nobody signs in so, the page leads on, and says the same as for no account.
    let nowhere = browser.get(&format!("/sign-on/{}", AccountId::from_uuid(uuid::Uuid::nil()))).await;
    assert!(nowhere.status == 422 && nowhere.body.contains("/sign-in"), "{}", nowhere.body);
}
