//! What was written to whom, and the warning above every page of an owner whose ownership a case would take.

use serde_json::json;

use super::browser::{Browser, to};
use crate::{
    harness::{TestDb, on_both},
    web::site::House,
};

on_both!(an_owner_is_warned_on_every_page, what_became_of_mails_is_shown_to_those_who_may_know);

async fn an_owner_is_warned_on_every_page(test: TestDb) {
    let house = House::furnished(test).await;
    let (olga, ben) = (Browser::of(&house, "Olga Orlova").await, Browser::of(&house, "Ben Bauer").await);
    let account = format!("/accounts/{}", house.account);
    let pages = ["/", "/me", &account, &format!("{account}/roster")];
    let warning = "aria-label=\"Your ownership\"";
    let token = house.sign_in("Olga Orlova").await;
    for page in pages {
        assert!(!olga.get(page).await.body.contains(warning), "{page}");
    }
    assert_eq!(house.call("GET", "/v1/me", &token, None).await.json()["threats"], json!([]));
    let case = house.open_case().await;
    for page in pages {
        let shown = olga.get(page).await.body;
        assert!(shown.contains(warning) && shown.contains(&format!("href=\"/cases/{case}\"")), "{page}: {shown}");
        assert!(shown.contains("A recovery case asks for another owner of"), "{shown}");
        assert!(!ben.get(page).await.body.contains(warning), "whom it does not concern is not warned");
    }
    let threats = house.call("GET", "/v1/me", &token, None).await.json()["threats"].clone();
    assert_eq!(threats[0]["case"], json!(case));
    assert_eq!((&threats[0]["state"], &threats[0]["due_at"]), (&json!("collecting"), &json!(null)));
    assert_eq!(threats[0]["account"]["id"], json!(house.account));
    // It goes with the case.
    let bens = house.proven("Ben Bauer").await;
    let gone = house.call("POST", &format!("/v1/cases/{case}/withdraw"), &bens, None).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
    assert!(!olga.get("/").await.body.contains(warning));
    assert_eq!(house.call("GET", "/v1/me", &token, None).await.json()["threats"], json!([]));
}

async fn what_became_of_mails_is_shown_to_those_who_may_know(test: TestDb) {
    let house = House::furnished(test).await;
    house.open_case().await;
    let path = format!("/accounts/{}/mails", house.account);
    let (olga, dora) = (Browser::of(&house, "Olga Orlova").await, Browser::of(&house, "Dora Dahl").await);
    assert!(olga.get(&format!("/accounts/{}", house.account)).await.body.contains(&format!("href=\"{path}\"")));
    let page = olga.get(&path).await.body;
    assert!(page.contains("Owner alert") && page.contains("olga@"), "{page}");
    let back = "update mails set status = 'bounced', next_at = null, accepted_at = created_at, last_answer = '250 ok',
                    bounced_at = created_at, bounce = '550 nobody of that name' where kind = 'owner_alert'";
    house.test.script(back).await;
    let page = olga.get(&path).await.body;
    assert!(page.contains("<span class=\"mail-status bounced\">bounced</span>"), "{page}");
    assert!(page.contains("550 nobody of that name"), "{page}");
    assert!(
        dora.get(&path).await.body.contains("550 nobody of that name"),
        "administrators see the addresses of members"
    );
    let stranger = Browser::new(&house);
    assert!(to(&stranger.get(&path).await).starts_with("/sign-in?next="));
    // The list goes on where a page ends.
    let first = olga.get(&format!("{path}?before=mail_00000000000000000000000000")).await.body;
    assert!(first.contains("There are none."), "{first}");
    assert_eq!(olga.get(&format!("{path}?before=x")).await.status, 200);
}
