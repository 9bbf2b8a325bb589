//! How long it takes to be answered, for addresses that somebody has and for such that nobody has. Asked for in pairs, in
//! random order, so that what else this machine does falls on both alike; then counted how often the known one took
//! longer, which is half of the time if nothing tells them apart.

use quorate::{app::mail_sign_in::MailSignIn, clock::Stopwatch, id::CodeId};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;

use super::site::{House, PEOPLE, address};
use crate::harness::{TestDb, on_both};

on_both!(signing_in_takes_as_long_for_every_address, control_a_mail_that_is_queued_at_once_is_found);

/// So many pairs make 2,000 timings.
const PAIRS: u32 = 1000;

/// What is done in addition for whom we know, to see that it would be found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Planted {
    Nothing,
    Mail,
}

async fn signing_in_takes_as_long_for_every_address(test: TestDb) {
    let deviations = deviations(test, Planted::Nothing).await;
    // Once in 150,000 runs by chance.
    assert!(deviations.abs() < 4.5, "known addresses differ from unknown ones by {deviations:.1} standard deviations");
}

async fn control_a_mail_that_is_queued_at_once_is_found(test: TestDb) {
    let deviations = deviations(test, Planted::Mail).await;
    assert!(deviations > 6.0, "only {deviations:.1} standard deviations");
}

/// By how many standard deviations it is not half of the pairs in which the known address took longer.
async fn deviations(test: TestDb, planted: Planted) -> f64 {
    let house = House::furnished(test).await;
    let mut chance = StdRng::seed_from_u64(17);
    let mut longer = 0;
    for pair in 0..PAIRS {
        // Each time at another one, so that no limit is reached; it would be reached by both.
        let name = PEOPLE[pair as usize % PEOPLE.len()];
        let (known, unknown) = (address(name), format!("nobody{pair}@acme.example"));
        let (with, without) = if chance.random() {
            let with = time(&house, &known, planted).await;
            (with, time(&house, &unknown, Planted::Nothing).await)
        } else {
            let without = time(&house, &unknown, Planted::Nothing).await;
            (time(&house, &known, planted).await, without)
        };
        longer += u32::from(with > without);
        // The mails that this made, and a fresh start, are nobody's time.
        house.mails(name, "sign_in_code").await;
        house.site.app.clock.advance(jiff::SignedDuration::from_hours(7));
    }
    let half = f64::from(PAIRS) / 2.0;
    let deviations = (f64::from(longer) - half) / half.sqrt() * std::f64::consts::SQRT_2;
    println!("known took longer in {longer} of {PAIRS} pairs: {deviations:.1} standard deviations");
    deviations
}

/// How many seconds it takes to ask for a code, to mistype it by name and without, and to mistype a password.
async fn time(house: &House, email: &str, planted: Planted) -> f64 {
    let watch = Stopwatch::start();
    let asked = house.call("POST", "/v1/sign-in", "", Some(json!({"email": email}))).await;
    let request: CodeId = asked.json()["request"].as_str().unwrap().parse().unwrap();
    if planted == Planted::Mail {
        house.site.app.db.run(MailSignIn { app: house.site.app.clone(), request }).await.unwrap();
    }
    for confirm in
        [json!({"email": email, "code": "00000000", "request": request}), json!({"email": email, "code": "00000000"})]
    {
        assert_eq!(house.call("POST", "/v1/sign-in/confirm", "", Some(confirm)).await.status, 422);
    }
    let password = json!({"email": email, "password": "not-the-password"});
    assert_eq!(house.call("POST", "/v1/sign-in/password", "", Some(password)).await.status, 401);
    watch.seconds()
}
