//! An offer of ownership on pages: made, looked at, answered signed in and by the link in the mail, and taken back.

use super::browser::{Browser, to};
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both},
    web::site::House,
};

on_both!(ownership_is_offered_and_accepted, it_is_taken_back_and_declined, it_is_answered_by_link);

/// Olga offers Cleo her ownership; gives the address of the offer's page.
async fn offer(house: &House, olga: &Browser<'_>) -> String {
    let cleo = house.user("Cleo Costa").await;
    let act = format!("/accounts/{}/members/{cleo}/transfer", house.account);
    let first = olga.get(&act).await;
    let asked = if first.status == 303 { olga.prove("Olga Orlova", &first).await } else { first };
    assert!(asked.body.contains("Offer your ownership of Acme Freight to Cleo Costa?"), "{}", asked.body);
    assert!(asked.body.contains("can accept for 3 days"), "{}", asked.body);
    let offered = olga.post(&act, &[]).await;
    assert_eq!(to(&offered), format!("/accounts/{}/owners?done=transfer-offered", house.account), "{}", offered.body);
    let page = olga.follow(&offered).await;
    assert!(page.body.contains("Olga Orlova offers their ownership to Cleo Costa"), "{}", page.body);
    let (_, rest) = page.body.split_once("href=\"/transfers/").unwrap();
    format!("/transfers/{}", rest.split('"').next().unwrap())
}

async fn ownership_is_offered_and_accepted(test: TestDb) {
    let house = House::furnished(test).await;
    let olga = Browser::of(&house, "Olga Orlova").await;
    let page = offer(&house, &olga).await;
    assert_eq!(house.owners().await, ["Olga Orlova"], "nothing has changed yet");
    let cleo = Browser::of(&house, "Cleo Costa").await;
    let home = cleo.get("/").await;
    assert!(
        home.body.contains(&format!("href=\"{page}\"")) && home.body.contains("waits for your answer"),
        "{}",
        home.body
    );
    let shown = cleo.get(&page).await;
    assert!(shown.body.contains("Olga Orlova offers you their ownership of Acme Freight"), "{}", shown.body);
    assert!(shown.body.contains("/accept\"") && shown.body.contains("/decline\"") && !shown.body.contains("/cancel\""));
    // Others see that there is an offer, and answer nothing.
    let dora = Browser::of(&house, "Dora Dahl").await;
    let looked = dora.get(&page).await;
    assert!(looked.status == 200 && !looked.body.contains("class=\"button"), "{}", looked.body);
    assert_eq!(dora.post(&format!("{page}/accept"), &[]).await.status, 403);
    assert_eq!(olga.post(&format!("{page}/accept"), &[]).await.status, 403);

    let before = dump(&house.test).await;
    let first = cleo.get(&format!("{page}/accept")).await;
    assert_eq!(dump(&house.test).await, before, "opening it accepts nothing");
    let asked = cleo.prove("Cleo Costa", &first).await;
    assert!(asked.body.contains("Accept the ownership of Acme Freight?"), "{}", asked.body);
    assert_eq!(house.owners().await, ["Olga Orlova"]);
    let accepted = cleo.post(&format!("{page}/accept"), &[]).await;
    assert_eq!(to(&accepted), format!("{page}?done=transfer-accepted"), "{}", accepted.body);
    let after = cleo.follow(&accepted).await;
    assert!(
        after.body.contains("Ownership was transferred") && !after.body.contains("class=\"button"),
        "{}",
        after.body
    );
    assert_eq!(house.owners().await, ["Cleo Costa"]);
    let late = cleo.post(&format!("{page}/decline"), &[]).await;
    assert!(late.status == 409 && late.body.contains("his offer has ended"), "{}", late.body);
    assert!(!cleo.get("/").await.body.contains("waits for your answer"));
    let log = cleo.get(&format!("/accounts/{}", house.account)).await;
    let said = "Cleo Costa accepted the ownership that Olga Orlova had offered, and owns the account in their place.";
    assert!(log.body.contains(said), "{}", log.body);
}

async fn it_is_taken_back_and_declined(test: TestDb) {
    let house = House::furnished(test).await;
    let olga = Browser::of(&house, "Olga Orlova").await;
    let page = offer(&house, &olga).await;
    let shown = olga.get(&page).await;
    assert!(shown.body.contains("/cancel\"") && !shown.body.contains("/accept\""), "{}", shown.body);
    assert!(olga.get(&format!("{page}/cancel")).await.body.contains("Take the offer back?"));
    // Without fresh proof, the way leads there first.
    house.site.app.clock.advance(jiff::SignedDuration::from_mins(6));
    let stale = olga.post(&format!("{page}/cancel"), &[]).await;
    let asked = olga.prove("Olga Orlova", &stale).await;
    assert!(asked.body.contains("Take the offer back?"), "{}", asked.body);
    let back = olga.post(&format!("{page}/cancel"), &[]).await;
    assert_eq!(to(&back), format!("{page}?done=transfer-cancelled"), "{}", back.body);
    assert!(olga.follow(&back).await.body.contains("Olga Orlova took it back. Nothing has changed."));

    let page = offer(&house, &olga).await;
    let cleo = Browser::of(&house, "Cleo Costa").await;
    assert!(cleo.get(&format!("{page}/decline")).await.body.contains("Decline the ownership of Acme Freight?"));
    let declined = cleo.post(&format!("{page}/decline"), &[]).await;
    assert!(cleo.follow(&declined).await.body.contains("Cleo Costa declined it."));
    assert_eq!(house.owners().await, ["Olga Orlova"]);
}

async fn it_is_answered_by_link(test: TestDb) {
    let house = House::furnished(test).await;
    let olga = Browser::of(&house, "Olga Orlova").await;
    offer(&house, &olga).await;
    let (link, token) = house.link("Cleo Costa", "transfer_request").await;
    let before = dump(&house.test).await;
    let shown = house.form(&format!("/l/{link}/show"), &[("token", &token)]).await;
    for words in ["Own Acme Freight?", "Olga Orlova", "I accept", "I decline"] {
        assert!(shown.body.contains(words), "{words}: {}", shown.body);
    }
    assert_eq!(shown.body.matches("<button").count(), 1, "{}", shown.body);
    assert_eq!(dump(&house.test).await, before, "opening the link changes nothing");
    // Silence is no acceptance.
    let act = format!("/l/{link}/do");
    let which = shown.hidden("offer");
    let silent = house.form(&act, &[("token", &token), ("offer", &which)]).await;
    assert!(silent.status == 422 && silent.body.contains("choose one of the two answers"), "{}", silent.body);
    assert_eq!(dump(&house.test).await, before);
    let declined = house.form(&act, &[("token", &token), ("offer", &which), ("answer", "decline")]).await;
    assert!(declined.body.contains("You have declined"), "{}", declined.body);
    let dead = house.form(&act, &[("token", &token), ("offer", &which), ("answer", "decline")]).await;
    assert_eq!(dead.status, 409, "{}", dead.body);
    assert_eq!(house.owners().await, ["Olga Orlova"]);

    offer(&house, &olga).await;
    let (link, token) = house.link("Cleo Costa", "transfer_request").await;
    let which = house.form(&format!("/l/{link}/show"), &[("token", &token)]).await.hidden("offer");
    let accepted =
        house.form(&format!("/l/{link}/do"), &[("token", &token), ("offer", &which), ("answer", "accept")]).await;
    assert_eq!(to(&accepted), format!("/transfers/{which}/accept"), "whoever accepts signs in: {}", accepted.body);
    assert_eq!(house.owners().await, ["Olga Orlova"]);
    let cleo = Browser::of(&house, "Cleo Costa").await;
    let asked = cleo.prove("Cleo Costa", &cleo.follow(&accepted).await).await;
    assert!(asked.body.contains("Accept the ownership of Acme Freight?"), "{}", asked.body);
    let accepted = cleo.post(&format!("/transfers/{which}/accept"), &[]).await;
    assert!(cleo.follow(&accepted).await.body.contains("Ownership was transferred"), "{}", accepted.body);
    assert_eq!(house.owners().await, ["Cleo Costa"]);
}
