//! How long it takes to be answered, for addresses that somebody has and for such that nobody has. Asked for in pairs, in
//! random order, so that what else this machine does falls on both alike; then counted how often the known one took
//! longer, which is half of the time if nothing tells them apart.

use quorate::{app::mail_sign_in::MailSignIn, clock::Stopwatch, id::CodeId};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use super::site::{House, PEOPLE, address};
use crate::harness::{TestDb, on_both};

on_both!(signing_in_takes_as_long_for_every_address, control_a_mail_that_is_queued_at_once_is_found);

/// So many pairs make 2,000 timings of each request.
const PAIRS: u32 = 1000;

/// Once in a million times by chance.
const TOO_MANY: f64 = 5.0;

const REQUESTS: [&str; 4] = ["asking for a code", "a wrong code by name", "a wrong code", "a wrong password"];

/// What is done in addition for whom we know, to see that it would be found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Planted {
    Nothing,
    Mail,
}

async fn signing_in_takes_as_long_for_every_address(test: TestDb) {
    let deviations = deviations(test, Planted::Nothing).await;
    assert!(
        deviations.iter().all(|by| by.abs() < TOO_MANY),
        "known addresses differ from unknown ones: {deviations:?}"
    );
}

async fn control_a_mail_that_is_queued_at_once_is_found(test: TestDb) {
    let [asking, ..] = deviations(test, Planted::Mail).await;
    assert!(asking > TOO_MANY, "only {asking:.1} standard deviations");
}

/// For each request, by how many standard deviations it is not half of the pairs in which the known address took longer.
async fn deviations(test: TestDb, planted: Planted) -> [f64; REQUESTS.len()] {
    let house = House::furnished(test).await;
    let mut chance = StdRng::seed_from_u64(17);
    let mut longer = [0; REQUESTS.len()];
    for pair in 0..PAIRS {
        let place = pair as usize % PEOPLE.len();
        // As many of the unknown, each as often: what an address was asked before takes time too.
        let (name, unknown) = (PEOPLE[place], format!("nobody{place}@acme.example"));
        let known = address(name);
        let (with, without) = if chance.random() {
            let with = times(&house, &known, planted).await;
            (with, times(&house, &unknown, Planted::Nothing).await)
        } else {
            let without = times(&house, &unknown, Planted::Nothing).await;
            (times(&house, &known, planted).await, without)
        };
        for ((longer, with), without) in longer.iter_mut().zip(with).zip(without) {
            *longer += u32::from(with > without);
        }
        // The mails that this made, and limits that are reached, are nobody's time.
        house.mails(name, "sign_in_code").await;
        house.site.app.clock.advance(jiff::SignedDuration::from_hours(7));
    }
    let half = f64::from(PAIRS) / 2.0;
    let deviations = longer.map(|longer| (f64::from(longer) - half) / (half / 2.0).sqrt());
    for ((request, longer), by) in REQUESTS.iter().zip(longer).zip(deviations) {
        println!("{request}: known took longer in {longer} of {PAIRS} pairs, {by:.1} standard deviations");
    }
    deviations
}

/// How many seconds each request takes.
async fn times(house: &House, email: &str, planted: Planted) -> [f64; REQUESTS.len()] {
    let watch = Stopwatch::start();
    let asked = house.call("POST", "/v1/sign-in", "", Some(json!({"email": email}))).await;
    let request: CodeId = asked.json()["request"].as_str().unwrap().parse().unwrap();
    if planted == Planted::Mail {
        house.site.app.db.run(MailSignIn { app: house.site.app.clone(), request }).await.unwrap();
    }
    let asking = watch.seconds();
    let refused = async |path: &str, status: u16, body: Value| {
        let watch = Stopwatch::start();
        assert_eq!(house.call("POST", path, "", Some(body)).await.status, status);
        watch.seconds()
    };
    let confirm = "/v1/sign-in/confirm";
    [
        asking,
        refused(confirm, 422, json!({"email": email, "code": "00000000", "request": request})).await,
        refused(confirm, 422, json!({"email": email, "code": "00000000"})).await,
        refused("/v1/sign-in/password", 401, json!({"email": email, "password": "not-the-password"})).await,
    ]
}
