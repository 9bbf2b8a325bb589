//! Voting by mail, as the pages tell of it: only where such a mail would count, and then in words that do.

use serde_json::json;

use super::browser::Story;
use crate::{
    harness::{TestDb, dkim::Terms, on_both},
    inbound::mails::ADDRESS,
    web::{
        inbound::{acme, judged, receiving, written_with},
        site::address,
    },
};

on_both!(what_the_page_says_counts, where_no_mail_would_count_the_pages_do_not_speak_of_it);

const OFFER: &str = "<h3>Or approve by mail</h3>";

/// The sentence that a page of the case gives, if it gives one.
fn given(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once(OFFER)?;
    let (_, rest) = rest.split_once("<blockquote>").unwrap();
    Some(rest.split_once("</blockquote>").unwrap().0)
}

async fn what_the_page_says_counts(test: TestDb) {
    let (house, _records) = receiving(test).await;
    let case = house.open_case().await;
    let story = Story { house, case };
    let page = story.page("Dora Dahl").await.body;
    let words = given(&page).unwrap_or_else(|| panic!("{page}"));
    for whose in [address("Dora Dahl").as_str(), ADDRESS] {
        assert!(page.contains(&format!("<strong>{whose}</strong>")), "{whose}: {page}");
    }
    let mail = acme().sign(&written_with(&story.house, "Dora Dahl", words), &Terms::default());
    let judged = judged(&story.house, &mail).await;
    assert_eq!((&judged["verdict"], judged["case"].as_str()), (&json!("counted"), Some(story.case.as_str())));
    let page = story.page("Dora Dahl").await.body;
    assert!(page.contains("You approve.") && given(&page).is_none(), "who has approved need not again: {page}");
    assert!(given(&story.page("Ben Bauer").await.body).is_some());
    assert!(given(&story.page("Olga Orlova").await.body).is_none(), "the owner has no ballot");

    let (link, token) = story.house.link("Dora Dahl", "ballot_receipt").await;
    assert_eq!(story.house.form(&format!("/l/{link}/do"), &[("token", &token)]).await.status, 200);
    let page = story.page("Dora Dahl").await.body;
    assert!(page.contains("/vote\"") && given(&page).is_none(), "a mail in their name was not theirs: {page}");
}

async fn where_no_mail_would_count_the_pages_do_not_speak_of_it(test: TestDb) {
    let (mut house, _records) = receiving(test).await;
    let case = house.open_case().await;
    let (policy, olga) = (format!("/accounts/{}/policy", house.account), house.sign_in("Olga Orlova").await);
    let new = json!({"name": "Other", "preset": "recommended", "first_user": {"name": "Olga Orlova", "email": address("Olga Orlova")}});
    let other = house.call("POST", "/v1/accounts", &house.operator, Some(new)).await.json();
    let other = format!("/accounts/{}/policy", other["id"].as_str().unwrap());
    house.accept("Olga Orlova").await;
    let story = Story { house, case };
    let olga = super::browser::Browser { token: olga };
    let said = async |story: &Story, path: &str| {
        let page = story.get(&olga, path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        page.body.contains("Votes by mail") && page.body.contains(&format!("<strong>{ADDRESS}</strong>"))
    };
    assert!(said(&story, &policy).await);
    assert!(!said(&story, &other).await, "its policy takes none");
    assert!(given(&story.page("Dora Dahl").await.body).is_some());
    house = story.house;
    house.site.app.inbound = None;
    house.moved_to("http://127.0.0.1:8080");
    let story = Story { house, case: story.case };
    assert!(!said(&story, &policy).await, "nowhere do mails come in");
    assert!(given(&story.page("Dora Dahl").await.body).is_none());
}
