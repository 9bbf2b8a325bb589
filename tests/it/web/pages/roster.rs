//! The roster's page, and contesting and confirming from it.

use super::browser::{Browser, to};
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both},
    web::site::House,
};

on_both!(a_removal_is_contested_and_confirmed);

/// The address of a button on the page.
fn button(page: &str, word: &str) -> String {
    let end = format!("/{word}\"");
    let (before, _) = page.split_once(&end).unwrap_or_else(|| panic!("no {word}: {page}"));
    format!("{}/{word}", before.rsplit_once("href=\"").unwrap().1)
}

async fn a_removal_is_contested_and_confirmed(test: TestDb) {
    let house = House::furnished(test).await;
    let path = format!("/accounts/{}/roster", house.account);
    let ben = Browser::of(&house, "Ben Bauer").await;
    let calm = ben.get(&path).await;
    assert!(calm.body.contains("3 administrators with standing") && !calm.body.contains("/contest\""), "{}", calm.body);
    house.suspend("Ben Bauer", "Dora Dahl").await;
    let cleo = Browser::of(&house, "Cleo Costa").await;
    let moved = cleo.get(&path).await;
    let contest = button(&moved.body, "contest");
    let before = dump(&house.test).await;
    let asked = cleo.get(&contest).await;
    assert!(asked.status == 200 && asked.body.contains("Contest the removal of Dora Dahl?"), "{}", asked.body);
    assert_eq!(dump(&house.test).await, before, "opening the page contests nothing");
    let contested = cleo.post(&contest, &[]).await;
    assert_eq!(to(&contested), format!("{path}?done=removal-contested"));
    let page = cleo.follow(&contested).await;
    assert!(page.body.contains("removal contested") && !page.body.contains("/contest\""), "{}", page.body);

    // An owner confirms, and is asked first who they are.
    let olga = Browser::of(&house, "Olga Orlova").await;
    let page = olga.get(&path).await;
    assert!(!page.body.contains("/contest\""), "an owner has no say against a removal: {}", page.body);
    let confirm = button(&page.body, "confirm");
    let prove = olga.post(&confirm, &[]).await;
    assert_eq!(to(&prove), format!("/prove?next={confirm}"));
    assert!(olga.prove("Olga Orlova", &prove).await.body.contains("Confirm the removal of Dora Dahl?"));
    let confirmed = olga.post(&confirm, &[]).await;
    assert_eq!(to(&confirmed), format!("{path}?done=change-confirmed"));
    assert!(!olga.follow(&confirmed).await.body.contains("Dora Dahl"));
    let gone = olga.post(&confirm, &[]).await;
    assert_eq!(gone.status, 404, "{}", gone.body);
}
