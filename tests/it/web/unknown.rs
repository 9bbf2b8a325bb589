//! What signing in with a password asks of this service for an address that nobody has: as many calls of the database and
//! as many computed hashes as for one that somebody has, so that neither the answer nor what it costs tells who is known.

use std::sync::{Arc, Mutex};

use quorate::{
    app::{
        app::App,
        error::{Access, Error},
        password_sign_in::sign_in,
        try_password::TRIES,
    },
    password::typed::Password,
    store::{
        db::Db,
        gate::{Call, Gate},
        open::Options,
    },
};

use super::site::{House, address};
use crate::harness::{TestDb, on_both, small};

on_both!(a_wrong_password_costs_the_same_for_every_address);

async fn a_wrong_password_costs_the_same_for_every_address(test: TestDb) {
    let house = House::moved_in("single-owner", test).await;
    house.equip("Ben Bauer").await;
    let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
    let seen = Arc::clone(&calls);
    let gate = Gate::kept_by(move |call| {
        seen.lock().unwrap().push(call);
        Ok(())
    });
    let db = Db::open(&house.test.url, &Options { gate, ..small() }).await.unwrap();
    let app = App { db, ..house.site.app.clone() };
    let cost = async |email: &str| {
        calls.lock().unwrap().clear();
        let before = app.passwords.computed();
        let refused = sign_in(&app, email.parse().unwrap(), Password::typed("not-the-password")).await;
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
