//! The pages and the API of the policy: what is asked for, shown, proven, and then done.

use jiff::SignedDuration;
use quorate::jobs::policies::sweep;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::browser::{Browser, to};
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both},
    web::site::House,
};

on_both!(an_owner_edits_the_policy, the_api_edits_the_policy);

async fn an_owner_edits_the_policy(test: TestDb) {
    let house = House::furnished(test).await;
    let path = format!("/accounts/{}/policy", house.account);
    let ben = Browser::of(&house, "Ben Bauer").await;
    let shown = ben.get(&path).await;
    assert!(shown.body.contains("Time to object after a vote") && !shown.body.contains("/policy/change\""));
    assert!(ben.get(&format!("{path}/change")).await.body.contains("You cannot change the policy."));
    let olga = Browser::of(&house, "Olga Orlova").await;
    let form = olga.get(&format!("{path}/change")).await;
    assert!(form.body.contains("id=\"voting_window\" name=\"voting_window\" value=\"14 days\""), "{}", form.body);

    // What is wrong stands beside its field, and what was typed is kept.
    let review = |query: &str| format!("{path}/change?step=review&{query}");
    let wrong = olga.get(&review("voting_window=1%20minute&waiting_period=soon&pauses=1")).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("id=\"waiting_period-wrong\"") && wrong.body.contains("value=\"soon\""));
    let wrong = olga.get(&review("voting_window=1%20minute")).await;
    assert!(wrong.body.contains("id=\"voting_window-wrong\"") && wrong.body.contains("value=\"1 minute\""));
    assert!(wrong.body.contains("at least 1 hour"), "{}", wrong.body);

    // Looking what would come of it changes nothing.
    let before = dump(&house.test).await;
    assert!(olga.get(&review("voting_window=14%20days")).await.body.contains("Nothing: the policy says that already"));
    let shorter = olga.get(&review("waiting_period=48%20hours")).await;
    assert!(shorter.body.contains("2 days") && shorter.body.contains("unless an owner cancels it before"));
    assert_eq!(dump(&house.test).await, before);

    // With proof, which brings her back to what she typed.
    let version = shorter.hidden("version");
    let fields = [("waiting_period", "48 hours"), ("version", version.as_str())];
    let asked = olga.post(&format!("{path}/change"), &fields).await;
    let back = olga.prove("Olga Orlova", &asked).await;
    assert!(back.body.contains("What would change") && back.hidden("waiting_period") == "48 hours", "{}", back.body);
    let sent = olga.post(&format!("{path}/change"), &fields).await;
    assert_eq!(to(&sent), format!("{path}?done=policy-proposed"));
    let waiting = olga.follow(&sent).await;
    assert!(waiting.body.contains("A change is waiting") && waiting.body.contains("Olga Orlova wants"));
    assert!(ben.get(&path).await.body.contains("An owner can cancel it."));
    // Somebody edits on ground that is not there any more: they are shown what would come of it now.
    let stale = olga.post(&format!("{path}/change"), &[("pauses", "1"), ("version", "1")]).await;
    assert!(stale.status == 412 && stale.body.contains("What would change"), "{}", stale.body);

    let asked = olga.get(&format!("{path}/cancel")).await;
    assert!(asked.body.contains("Cancel the change of the policy?"), "{}", asked.body);
    let cancelled = olga.post(&format!("{path}/cancel"), &[]).await;
    assert_eq!(to(&cancelled), format!("{path}?done=policy-cancelled"));
    assert_eq!(olga.get(&format!("{path}/cancel")).await.status, 404);

    // What tightens is in force at once.
    let review = olga.get(&review("waiting_period=4%20days")).await;
    let version = review.hidden("version");
    assert!(review.body.contains("at once"), "{}", review.body);
    let fields = [("waiting_period", "4 days"), ("version", version.as_str())];
    let sent = olga.post(&format!("{path}/change"), &fields).await;
    assert_eq!(to(&sent), format!("{path}?done=policy-changed"));
    let home = olga.get(&format!("/accounts/{}", house.account)).await;
    assert!(home.body.contains("Olga Orlova changed the recovery policy."), "{}", home.body);
    assert_eq!(house.mails("Olga Orlova", "policy_changed").await, 3);
}

async fn the_api_edits_the_policy(test: TestDb) {
    let house = House::furnished(test).await;
    let path = format!("/v1/accounts/{}/policy", house.account);
    let ben = house.sign_in("Ben Bauer").await;
    let olga = house.sign_in("Olga Orlova").await;
    let shown = house.call("GET", &path, &ben, None).await;
    assert_eq!((shown.status, shown.json()["pending"].is_null()), (200, true));
    let mut policy = shown.json()["effective"].clone();
    policy["waiting_period"] = json!("PT48H");
    let refused = house.call("PUT", &path, &ben, Some(policy.clone())).await;
    assert_eq!(refused.json()["code"], "owners_only");
    let refused = house.call("PUT", &path, &olga, Some(policy.clone())).await;
    assert_eq!(refused.json()["code"], "needs_fresh_proof");
    house.prove("Olga Orlova", &olga).await;

    let mut broken = policy.clone();
    broken["voting_window"] = json!("PT1S");
    broken["min_approvals"] = json!(7);
    let refused = house.call("PUT", &path, &olga, Some(broken)).await.json();
    let pointers: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/voting_window", "/min_approvals"], "{refused}");
    let mut unknown = policy.clone();
    unknown["backdoor"] = json!(true);
    assert_eq!(house.call("PUT", &path, &olga, Some(unknown)).await.status, 422);

    let waits = house.call("PUT", &path, &olga, Some(policy.clone())).await;
    assert_eq!(waits.status, 202, "{}", waits.body);
    let view = waits.json();
    assert_eq!((view["outcome"].as_str(), &view["waits_for"]), (Some("waiting"), &json!(["waiting_period"])));
    let change = &view["policy"]["pending"]["changes"][0];
    assert_eq!((change["field"].as_str(), change["way"].as_str()), (Some("waiting_period"), Some("loosening")));
    assert_eq!(house.call("PUT", &path, &olga, Some(policy.clone())).await.json()["outcome"], "unchanged");
    assert_eq!(house.call("DELETE", &format!("{path}/pending"), &ben, None).await.json()["code"], "owners_only");
    assert_eq!(house.call("DELETE", &format!("{path}/pending"), &olga, None).await.status, 204);
    assert_eq!(house.call("DELETE", &format!("{path}/pending"), &olga, None).await.status, 409);
    house.call("PUT", &path, &olga, Some(policy)).await;
    house.site.app.clock.advance(SignedDuration::from_hours(72));
    assert_eq!(sweep(&house.site.app, &CancellationToken::new()).await.unwrap().looked_at, 1);
    let shown = house.call("GET", &path, &house.operator, None).await.json();
    assert_eq!((shown["effective"]["waiting_period"].as_str(), shown["pending"].is_null()), (Some("PT48H"), true));
}
