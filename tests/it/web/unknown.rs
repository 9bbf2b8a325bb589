//! What signing in asks of this service for an address that nobody has: as many calls of the database and as many computed
//! hashes as for one that somebody has, so that neither the answer nor what it costs tells who is known.

use std::sync::{Arc, Mutex};

use quorate::{
    app::{
        app::App,
        confirm_sign_in::{ConfirmSignIn, Confirmed},
        error::{Access, Error},
        password_sign_in::sign_in,
        sign_in::{REQUESTS, SignIn},
        try_password::TRIES,
    },
    ownership::address::Email,
    password::typed::Password,
    store::{
        db::Db,
        gate::{Call, Gate},
        open::Options,
    },
};

use super::site::{House, address};
use crate::harness::{TestDb, on_both, small};

on_both!(
    a_wrong_password_costs_the_same_for_every_address,
    what_stands_in_for_a_password_signs_nobody_in,
    a_code_costs_the_same_for_every_address,
);

/// The same service, and the calls that it makes to its database.
async fn watched(house: &House) -> (App, Arc<Mutex<Vec<Call>>>) {
    let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
    let seen = Arc::clone(&calls);
    let gate = Gate::kept_by(move |call| {
        seen.lock().unwrap().push(call);
        Ok(())
    });
    let db = Db::open(&house.test.url, &Options { gate, ..small() }).await.unwrap();
    (App { db, ..house.site.app.clone() }, calls)
}

async fn a_code_costs_the_same_for_every_address(test: TestDb) {
    let house = House::moved_in("single-owner", test).await;
    let (app, calls) = watched(&house).await;
    let cost = async |email: &str| {
        let email: Email = email.parse().unwrap();
        calls.lock().unwrap().clear();
        let asked = app.db.run(SignIn { app: app.clone(), email: email.clone() }).await.unwrap();
        let mut costs = vec![std::mem::take(&mut *calls.lock().unwrap())];
        for request in [Some(asked.request), Some(app.chance.id(app.now())), None] {
            let (app, code) = (app.clone(), "12345678".to_owned());
            let unit = ConfirmSignIn { app: app.clone(), email: email.clone(), code, request, browser: None };
            assert!(matches!(app.db.run(unit).await.unwrap(), Confirmed::Refused(Access::WrongCode)));
            costs.push(std::mem::take(&mut *calls.lock().unwrap()));
        }
        costs
    };
    for number in 0..=REQUESTS {
        let known = cost(&address("Ben Bauer")).await;
        assert_eq!(known, cost("nobody@acme.example").await, "request {number}");
        assert!(known.iter().all(|calls| calls.contains(&Call::Statement)), "{known:?}");
    }
}

async fn a_wrong_password_costs_the_same_for_every_address(test: TestDb) {
    let house = House::moved_in("single-owner", test).await;
    house.equip("Ben Bauer").await;
    let (app, calls) = watched(&house).await;
    let cost = async |email: &str| {
        calls.lock().unwrap().clear();
        let before = app.passwords.computed();
        let refused = sign_in(&app, email.parse().unwrap(), Password::typed("not-the-password"), None).await;
        assert!(matches!(refused, Err(Error::Access(Access::WrongPassword))), "{email}");
        (calls.lock().unwrap().clone(), app.passwords.computed() - before)
    };
    for number in 1..=TRIES + 1 {
        let with_one = cost(&address("Ben Bauer")).await;
        assert_eq!(with_one, cost(&address("Dora Dahl")).await, "try {number}, who has none");
        assert_eq!(with_one, cost("nobody@acme.example").await, "try {number}, whom nobody knows");
        let weighed = if number <= TRIES { 3 } else { 0 };
        assert_eq!(with_one.1, weighed, "try {number}");
        assert!(with_one.0.contains(&Call::Statement), "{with_one:?}");
    }
}

/// What stands in for a password that is not there is the hash of the empty one.
async fn what_stands_in_for_a_password_signs_nobody_in(test: TestDb) {
    let house = House::moved_in("single-owner", test).await;
    house.equip("Ben Bauer").await;
    for email in [address("Ben Bauer"), address("Dora Dahl"), "nobody@acme.example".to_owned()] {
        let refused = sign_in(&house.site.app, email.parse().unwrap(), Password::typed(""), None).await;
        assert!(matches!(refused, Err(Error::Access(Access::WrongPassword))), "{email}");
    }
}
