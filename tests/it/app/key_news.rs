//! What those hear of a case who redeemed keys for it, and whom it names.

use quorate::{
    app::{act::Asked, redeem::Answer},
    recovery::{case::Case, terms::Kind},
};
use serde_json::json;

use super::{
    recovery_users::letters,
    redemption::{RITA, answers, completed, held, nora, use_key},
};
use crate::harness::{
    TestDb, on_both,
    world::{World, hours, signed_in},
};

on_both!(whoever_has_a_part_hears_of_it, who_accepted_can_still_decline, the_end_is_told_once);

const NORA: &str = "nora@example.com";

/// The mails to both of them, the newest first, each in one line.
async fn news(world: &World) -> [Vec<String>; 2] {
    let to = async |email| {
        let letters = letters(world, email, "key_case_news").await;
        letters.iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    [to(RITA).await, to(NORA).await]
}

async fn waiting(world: &World) -> (Case, quorate::id::UserId) {
    let (team, _, key) = held(world, 0, &json!({})).await;
    let id = use_key(world, &key, RITA, nora(Kind::Replace)).await.unwrap();
    let case = world.case(id).await;
    assert!(news(world).await.iter().all(Vec::is_empty), "nothing has come of it yet");
    answers(world, &case, Answer::Confirm).await.unwrap();
    (world.case(id).await, team.owner)
}

async fn whoever_has_a_part_hears_of_it(test: TestDb) {
    let world = World::new(test);
    let (case, owner) = waiting(&world).await;
    let declines = |text: &String| text.contains("/l/link_");
    let [rita, nora] = news(&world).await;
    assert_eq!((rita.len(), nora.len()), (1, 1));
    assert!(rita[0].contains("ownership changes on") && !declines(&rita[0]), "{}", rita[0]);
    assert!(nora[0].contains("ownership changes on") && declines(&nora[0]), "{}", nora[0]);
    world.advance(hours(1));
    world.act(case.id(), signed_in(owner), Asked::Pause).await.unwrap();
    let [rita, nora] = news(&world).await;
    assert!(rita.len() == 2 && rita[0].contains("paused the case"), "{rita:?}");
    assert!(nora.len() == 2 && nora[0].contains("paused the case") && declines(&nora[0]), "{nora:?}");
    world.advance(hours(1));
    world.veto(&case, owner).await.unwrap();
    let [rita, nora] = news(&world).await;
    assert!(rita.len() == 3 && rita[0].contains("vetoed the case"), "{rita:?}");
    assert!(nora.len() == 3 && nora[0].contains("vetoed the case") && !declines(&nora[0]), "{nora:?}");
    world.check(case.terms.account).await;
}

async fn who_accepted_can_still_decline(test: TestDb) {
    let world = World::new(test);
    let (case, owner) = waiting(&world).await;
    let link = world.link(case.terms.account, case.terms.nominee.id, "key_case_news").await;
    // To accept once more changes nothing, and the link serves once.
    world.redeem(link, Answer::Confirm).await.unwrap();
    assert_eq!(world.case(case.id()).await, case);
    world.redeem(link, Answer::Decline).await.unwrap_err();
    world.act(case.id(), signed_in(owner), Asked::Pause).await.unwrap();
    let link = world.link(case.terms.account, case.terms.nominee.id, "key_case_news").await;
    world.redeem(link, Answer::Decline).await.unwrap();
    assert_eq!(world.case(case.id()).await.state.word(), "rejected");
    let [rita, _] = news(&world).await;
    assert!(rita[0].contains("does not want to be it"), "{}", rita[0]);
    world.check(case.terms.account).await;
}

async fn the_end_is_told_once(test: TestDb) {
    let world = World::new(test);
    let (team, _, key) = held(&world, 0, &json!({})).await;
    completed(&world, &team, &key, Kind::Replace).await;
    let [rita, nora] = news(&world).await;
    assert!(rita.len() == 2 && rita[0].contains("now owns the account"), "{rita:?}");
    assert_eq!(nora.len(), 1, "she is welcomed by another mail");
}
