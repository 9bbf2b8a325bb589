//! Mails that come in over HTTP.

use axum::{
    body::{Body, Bytes},
    http::{Request, header},
};
use futures_util::stream;
use quorate::{
    app::principal::Principal,
    app::tokens::{CreateToken, TokenPower},
    ownership::scope::Scope,
};
use serde_json::{Value, json};

use super::site::{House, Reply, address};
use crate::{
    harness::{
        TestDb,
        dkim::{Signer, Terms},
        dns::Records,
        on_both,
    },
    inbound::mails::ADDRESS,
};

on_both!(
    a_mail_is_judged,
    every_mail_of_the_corpus_is_refused_for_its_own_reason,
    thirty_mebibytes_are_refused,
    a_mail_that_cannot_be_judged_is_to_be_brought_again,
    only_who_receives_mail_brings_it,
);

/// A furnished house in which mails come in.
pub async fn receiving(test: TestDb) -> (House, Records) {
    let (mut house, records) = (House::furnished(test).await, Records::start().await);
    for signer in [acme(), evil()] {
        records.put(&signer.name(), &[&signer.record()]);
    }
    house.site.app.dns = records.dns();
    house.site.app.inbound = Some(ADDRESS.parse().unwrap());
    house.moved_to("http://127.0.0.1:8080");
    (house, records)
}

pub fn acme() -> Signer {
    Signer::ed25519("acme.example", 1)
}

fn evil() -> Signer {
    Signer::ed25519("evil.example", 2)
}

/// The sentence, written by somebody now.
pub fn written(house: &House, by: &str) -> String {
    let named = |name: &str| format!("{name} ({})", address(name));
    let (owner, nominee) = (named("Olga Orlova"), named("Cleo Costa"));
    let words = format!(
        "The current account owner {owner} is not contactable and therefore {nominee} should be made the new account owner."
    );
    written_with(house, by, &words)
}

/// A mail with these words, written by somebody now.
pub fn written_with(house: &House, by: &str, words: &str) -> String {
    let now = house.site.app.now();
    let date = jiff::Timestamp::from_microsecond(now.micros()).unwrap().strftime("%a, %d %b %Y %H:%M:%S +0000");
    format!(
        "From: {by} <{}>\nTo: {ADDRESS}\nSubject: New owner\nDate: {date}\nMessage-ID: <{}@acme.example>\n\n{words}\n",
        address(by),
        now.micros(),
    )
}

async fn bring(house: &House, token: &str, mail: impl Into<Body>) -> Reply {
    let request = Request::post("/v1/mail/inbound")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "message/rfc822")
        .body(mail.into());
    house.send(request.unwrap()).await
}

pub async fn judged(house: &House, mail: &str) -> Value {
    let reply = bring(house, &house.operator, mail.to_owned()).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

async fn a_mail_is_judged(test: TestDb) {
    let (house, _records) = receiving(test).await;
    let mail = acme().sign(&written(&house, "Ben Bauer"), &Terms::default());
    let first = judged(&house, &mail).await;
    assert_eq!((&first["verdict"], &first["sender"]), (&json!("counted"), &json!("ben@acme.example")));
    let path = format!("/v1/cases/{}", first["case"].as_str().unwrap());
    let case = house.call("GET", &path, &house.operator, None).await.json();
    assert_eq!((&case["approvals"], &case["account"]), (&json!(1), &first["account"]));

    let again = judged(&house, &mail).await;
    assert_eq!((&again["verdict"], &again["reason"]), (&json!("refused"), &json!("replayed")));
    let list = house.call("GET", "/v1/mail/inbound?limit=1", &house.operator, None).await.json();
    assert_eq!(list["items"], json!([again]));
    let rest = format!("/v1/mail/inbound?after={}", list["next"].as_str().unwrap());
    let list = house.call("GET", &rest, &house.operator, None).await.json();
    assert_eq!((&list["items"], &list["next"]), (&json!([first]), &Value::Null));

    let told = async |number: &str| {
        let numbers = house.call("GET", "/metrics", "", None).await.body;
        assert!(numbers.contains(&format!("\nquorate_mails_refused {number}\n")), "{numbers}");
    };
    told("1").await;
    house.site.app.clock.advance(jiff::SignedDuration::from_hours(24));
    told("0").await;
}

/// Each is refused for its own reason, and nobody is written to whose mail it only says it is.
async fn every_mail_of_the_corpus_is_refused_for_its_own_reason(test: TestDb) {
    let (house, _records) = receiving(test).await;
    let mail = || written(&house, "Ben Bauer");
    let good = acme().sign(&mail(), &Terms::default());
    let body = |mail: &str| mail.split_once("\n\n").unwrap().1.replace('\n', "\r\n").len();
    let partial = acme().sign(&mail(), &Terms { length: Some(body(&mail())), ..Terms::default() });
    let bounce = mail()
        .replace("Subject:", "Content-Type: multipart/report; report-type=delivery-status; boundary=b\nSubject:")
        .replace("\n\nThe", "\n\n--b\n\nThe");
    let bounce = format!("{bounce}--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n--b--\n");
    let broken = mail().replace("\n\n", "\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n");
    let elsewhere = mail().replace(&format!("To: {ADDRESS}"), "To: votes+guessed@quorate.example");
    // Not under the same name: that would be used up by it.
    let elsewhere = elsewhere.replace("Message-ID: <", "Message-ID: <x");
    let encoded = mail().replace("<ben@acme.example>", "<ben@acm\u{435}.example>");
    let disguised = mail().replace("Ben Bauer <ben@acme.example>", "\"ben@acme.example\" <ben@evil.example>");
    let unsigned = Terms::covering(&["To", "Subject", "Date"]);
    for (mail, why) in [
        (evil().sign(&mail(), &Terms::default()), "not_aligned"),
        (format!("From: Cleo Costa <cleo@acme.example>\r\n{good}"), "several_senders"),
        (acme().sign(&mail(), &unsigned), "signature_incomplete"),
        (format!("{partial}And more.\r\n"), "signature_partial"),
        (acme().sign(&mail(), &Terms::tags("x=1700000000; ")), "signature_expired"),
        (acme().sign(&mail(), &Terms { algorithm: Some("rsa-sha1"), ..Terms::default() }), "signature_sha1"),
        (evil().sign(&encoded, &Terms::default()), "look_alike"),
        (evil().sign(&disguised, &Terms::default()), "look_alike"),
        (acme().sign(&elsewhere, &Terms::default()), "answer_over"),
        (acme().sign(&broken, &Terms::default()), "broken_mime"),
        (acme().sign(&bounce, &Terms::default()), "bounce"),
        (mail(), "not_signed"),
        (good.replace("Olga Orlova", "Dora Dahl"), "body_changed"),
        (good.replace("New owner", "Old owner"), "signature_wrong"),
    ] {
        let judged = judged(&house, &mail).await;
        assert_eq!((&judged["verdict"], &judged["reason"]), (&json!("refused"), &json!(why)), "{judged}");
        let answered = usize::from(!judged["answered_at"].is_null());
        assert_eq!(answered, usize::from(why == "answer_over"), "{judged}");
    }
    let path = format!("/v1/accounts/{}/cases", house.account);
    assert_eq!(house.call("GET", &path, &house.operator, None).await.json()["items"], json!([]));
    assert_eq!(house.mails("Ben Bauer", "mail_refused").await, 1);
    // The mail that some of them were made of is as good as before.
    assert_eq!(judged(&house, &good).await["verdict"], "counted");
}

async fn thirty_mebibytes_are_refused(test: TestDb) {
    let (house, _records) = receiving(test).await;
    let mail = acme().sign(&written(&house, "Ben Bauer"), &Terms::default());
    let pieces =
        std::iter::once(Bytes::from(mail)).chain(std::iter::repeat_n(Bytes::from(vec![b'x'; 1024 * 1024]), 30));
    let body = Body::from_stream(stream::iter(pieces.map(Ok::<_, std::io::Error>)));
    let reply = bring(&house, &house.operator, body).await;
    assert_eq!((reply.status, &reply.json()["code"]), (413, &json!("mail_too_large")));
    let list = house.call("GET", "/v1/mail/inbound", &house.operator, None).await.json();
    assert_eq!(list["items"][0]["reason"], "too_large");
    assert_eq!(list["items"][0]["sender"], "ben@acme.example");
    // Nobody else has so much read.
    let reply = bring(&house, "", vec![b'x'; 2 * 1024 * 1024]).await;
    assert_eq!(reply.status, 401);
}

async fn a_mail_that_cannot_be_judged_is_to_be_brought_again(test: TestDb) {
    let (mut house, records) = receiving(test).await;
    let mail = acme().sign(&written(&house, "Ben Bauer"), &Terms::default());
    records.fail();
    let reply = bring(&house, &house.operator, mail.clone()).await;
    assert_eq!((reply.status, &reply.json()["code"]), (503, &json!("not_now")));
    assert!(reply.headers.contains_key(header::RETRY_AFTER));
    house.site.app.inbound = None;
    house.moved_to("http://127.0.0.1:8080");
    let reply = bring(&house, &house.operator, mail).await;
    assert_eq!((reply.status, &reply.json()["code"]), (409, &json!("takes_no_mail")));
    let list = house.call("GET", "/v1/mail/inbound", &house.operator, None).await.json();
    assert_eq!(list["items"], json!([]));
}

async fn only_who_receives_mail_brings_it(test: TestDb) {
    let (house, _records) = receiving(test).await;
    let made = async |scope| {
        let (app, principal) = (house.site.app.clone(), Principal::Operator { token: None });
        let unit = CreateToken { app, principal, name: "mail".to_owned(), power: TokenPower::Platform([scope].into()) };
        house.site.app.db.run(unit).await.unwrap().secret.reveal().to_owned()
    };
    let receiver = made(Scope::MailReceive).await;
    assert_eq!(bring(&house, &receiver, "x").await.status, 200);
    assert_eq!(house.call("GET", "/v1/mail/inbound", &receiver, None).await.status, 403);
    let other = made(Scope::Read).await;
    assert_eq!(bring(&house, &other, "x").await.json()["code"], "needs_scope");
    let ben = house.sign_in("Ben Bauer").await;
    assert_eq!(bring(&house, &ben, "x").await.json()["code"], "operators_only");
}
