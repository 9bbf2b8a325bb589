//! Guessing paper keys and codes, as fast as somebody can who is stopped by nothing else: nothing is found, owners hear of it, the log
//! stays short, and whoever holds the key notices none of it.

use jiff::SignedDuration;
use quorate::{
    clock::Stopwatch,
    jobs::key_tries::sweep,
    ownership::key_tries::LOGGED,
    paper_key::key::{PaperKey, Secret},
    recovery::terms::Kind,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::{
    drills::begin,
    paper_keys::told,
    redemption::{RITA, held, key_code, nora, present, redeem, use_key},
};
use crate::harness::{
    TestDb, on_both,
    race::{full, rounds, tell},
    world::{World, refused},
};

on_both!(guesses_find_nothing_and_cost_the_holder_nothing);

/// Ten of them in a second.
const APART: SignedDuration = SignedDuration::from_millis(100);

async fn guesses_find_nothing_and_cost_the_holder_nothing(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 1, &json!({})).await;
    let guesses = if full() { 100_000 } else { 20 * rounds() };
    let began = world.app.now();
    let before = as_ever(&world, &key).await;
    for guess in 0..guesses {
        world.advance(APART);
        match guess % 4 {
            0 => refused(present(&world, &guessed(&world, &key)).await, "paper_key_refused"),
            1 => refused(begin(&world, &guessed(&world, &key)).await, "paper_key_refused"),
            2 => refused(present(&world, &world.app.chance.paper_key()).await, "paper_key_refused"),
            // Whoever has the key, and not the mailbox.
            _ => {
                let recovery = present(&world, &key).await.unwrap().recovery;
                let code = u64::from_le_bytes(world.app.chance.bytes()) % 10_000_000_000_000_000;
                refused(redeem(&world, recovery, &format!("{code:016}"), nora(Kind::Add)).await, "wrong_code")
            }
        };
        if guess % 100 == 0 {
            sweep(&world.app, &CancellationToken::new()).await.unwrap();
        }
    }
    let after = as_ever(&world, &key).await;
    let hours = usize::try_from(world.app.now().since(began).as_hours() + 1).unwrap();
    let mails = told(&world, &team).await.len();
    assert!(mails <= 2 * (hours + 1) + 1, "{mails} mails to each owner in {hours} hours");
    let logged = world.activity(team.id).await.len();
    let (tries, codes) = (usize::try_from(LOGGED).unwrap() + 2, 2 * 5 + 1);
    assert!(logged < (hours + 1) * (tries + codes) + 20, "{logged} entries in {hours} hours");
    assert_eq!(world.owners(&team).await, [team.owner].into());
    use_key(&world, &key, RITA, nora(Kind::Replace)).await.unwrap();
    world.check(team.id).await;
    tell(&format!(
        "{:?}: {guesses} wrong guesses in {hours} h found nothing: {mails} mails to an owner, {logged} entries in the log; the right \
         key then took {:.2} of the time that it took before",
        world.app.db.backend(),
        after / before
    ));
}

/// The right number, and 160 bits by chance.
fn guessed(world: &World, key: &PaperKey) -> PaperKey {
    PaperKey::new(key.number(), Secret::new(Zeroizing::new(world.app.chance.bytes())))
}

/// How many seconds it takes to present the right key: the fewest of some.
async fn as_ever(world: &World, key: &PaperKey) -> f64 {
    let mut fewest = f64::INFINITY;
    for _ in 0..5 {
        world.advance(SignedDuration::from_mins(31));
        let watch = Stopwatch::start();
        present(world, key).await.unwrap();
        fewest = fewest.min(watch.seconds());
        key_code(world, RITA).await;
    }
    fewest
}
