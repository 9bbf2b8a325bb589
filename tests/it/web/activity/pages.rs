//! The page of the log.

use data_encoding::BASE64;
use quorate::{
    activity::personal::Whose,
    app::{audit::verify, audit_log::Kept, erase_values::erase, principal::Principal},
    hash::Hash,
    jobs::seal::sweep,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::filters::{eventful, found};
use crate::{
    harness::{TestDb, on_both},
    web::{
        pages::{
            browser::{Browser, encoded},
            every::{is_guarded, is_well_made},
        },
        site::{House, address},
    },
};

on_both!(
    people_find_what_they_look_for,
    pages_go_both_ways_and_stay_where_they_are,
    what_was_typed_stays_when_it_is_wrong,
    days_are_those_of_the_reader,
    the_page_tells_how_the_log_is_sealed,
);

/// The numbers of the entries on a page, in its order.
fn numbers(body: &str) -> Vec<u64> {
    let numbers = body.split("<span class=\"numbers\">No. ").skip(1);
    numbers.map(|rest| rest.split('<').next().unwrap().parse().unwrap()).collect()
}

/// Where the link of that text leads.
fn link(body: &str, text: &str) -> Option<String> {
    let (before, _) = body.split_once(&format!(">{text}</a>"))?;
    let (_, address) = before.rsplit_once("href=\"")?;
    Some(address.split('"').next().unwrap().replace("&#38;", "&").replace("#entries", ""))
}

async fn people_find_what_they_look_for(test: TestDb) {
    let (house, cast) = eventful(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let path = format!("/accounts/{}/activity", house.account);
    assert!(ben.get(&format!("/accounts/{}", house.account)).await.body.contains(&format!("href=\"{path}\"")));
    let page = ben.get(&path).await;
    is_guarded(&path, &page);
    is_well_made(&path, &page);
    assert_eq!(numbers(&page.body).len(), 50);
    assert!(numbers(&page.body).is_sorted_by(|one, next| one > next), "the newest first");
    assert!(!page.body.contains("What is looked for"));

    let some = ben.get(&format!("{path}?topic=owners&topic=policy&person=&from=&until=")).await;
    is_well_made(&path, &some);
    assert!(some.body.contains("Ben Bauer made Dora Dahl an owner."), "{}", some.body);
    assert!(!some.body.contains("left the account."));
    assert!(some.body.contains("value=\"owners\" checked") && some.body.contains("value=\"members\">"));
    let without = link(
        &some.body,
        "<span class=\"unseen\">Look without: </span>Recovery policy<span aria-hidden=\"true\"> ×</span>",
    );
    assert_eq!(without.as_deref(), Some(format!("{path}?topic=owners").as_str()));
    assert_eq!(
        link(&some.body, "A table for people (CSV)").unwrap(),
        format!("{path}/export/csv?topic=owners&topic=policy")
    );

    let dora = ben.get(&format!("{path}?person={}&kind=member.left", encoded(&address("Dora Dahl")))).await;
    assert_eq!(numbers(&dora.body).len(), 1, "{}", dora.body);
    assert!(dora.body.contains("Concerns Dora Dahl") && dora.body.contains("Dora Dahl left the account."));
    assert!(dora.body.contains("<input type=\"hidden\" name=\"kind\" value=\"member.left\">"));
    assert!(dora.body.contains(&format!("<code>{}</code>", cast.about)));
    // Only what concerns her, whatever kind it is.
    let hers = found(&house, &format!("&person={}", cast.about)).await;
    let hers: Vec<u64> = hers.iter().rev().map(|item| item["entry"]["seq"].as_u64().unwrap()).collect();
    let page = ben.get(&format!("{path}?person={}", encoded(&address("Dora Dahl")))).await;
    assert!(hers.len() > 2);
    assert_eq!(numbers(&page.body), hers[..hers.len().min(50)]);
    let case = ben.get(&format!("{path}?case={}", cast.case)).await;
    assert!(case.body.contains(&format!("href=\"/cases/{}\"", cast.case)) && !case.body.contains("left the account."));
    // What was recorded, and the hashes.
    let opened = ben.get(&format!("{path}?kind=member.renamed")).await.body;
    assert!(opened.contains("<dt>name</dt><dd>Ben Becker</dd>"), "{opened}");
    let operator = Principal::Operator { token: None };
    let erased = erase(&house.site.app, &operator, Whose::User(cast.about), None).await.unwrap();
    assert!(erased.values > 4 && erased.stay > 0, "{erased:?}");
    let opened = ben.get(&format!("{path}?kind=member.renamed")).await.body;
    assert!(opened.contains("<dt>name</dt><dd><em>erased</em></dd>") && opened.contains("changed their name."));
    let nothing = ben.get(&format!("{path}?topic=owners&until=2001-01-01")).await;
    assert_eq!(nothing.status, 200);
    assert!(nothing.body.contains("Nothing of this kind happened."), "{}", nothing.body);
}

async fn pages_go_both_ways_and_stay_where_they_are(test: TestDb) {
    let (house, cast) = eventful(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    for query in ["", "?topic=recovery", &format!("?person={}", cast.about)] {
        let path = format!("/accounts/{}/activity{query}", house.account);
        let mut page = ben.get(&path).await.body;
        let mut seen = vec![numbers(&page)];
        assert_eq!(link(&page, "Newer entries"), None);
        let mut back = Vec::new();
        while let Some(older) = link(&page, "Older entries") {
            back.push(older.clone());
            page = ben.get(&older).await.body;
            seen.push(numbers(&page));
        }
        let all = seen.concat();
        assert!(all.is_sorted_by(|one, next| one > next), "{query}: {all:?}");
        // What happens meanwhile moves nothing.
        house.invite("Dora Dahl", &format!("Eve{} Ek", query.len())).await;
        for earlier in seen.iter().rev().skip(1) {
            page = ben.get(&link(&page, "Newer entries").unwrap()).await.body;
            assert_eq!(numbers(&page), *earlier, "{query}");
        }
    }
    let far = ben.get(&format!("/accounts/{}/activity?after=9999999", house.account)).await;
    assert!(far.body.contains("To the newest entries"), "{}", far.body);
}

async fn what_was_typed_stays_when_it_is_wrong(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let path = format!("/accounts/{}/activity", house.account);
    for (query, field, typed) in [
        ("from=22.11.2026&topic=owners", "from", "22.11.2026"),
        ("until=2026-02-31", "until", "2026-02-31"),
        ("from=2026-03-02&until=2026-03-01", "until", "2026-03-01"),
        ("person=nobody%40example.org", "person", "nobody@example.org"),
        ("person=%3Cb%3E", "person", "&#60;b&#62;"),
        ("person=user_01h455vb4pex5vsknk084sn02q", "person", "user_01h455vb4pex5vsknk084sn02q"),
    ] {
        let page = ben.get(&format!("{path}?{query}")).await;
        assert_eq!(page.status, 422, "{query}");
        is_well_made(query, &page);
        assert!(page.body.contains(&format!("id=\"{field}-wrong\"")), "{query}: {}", page.body);
        assert!(page.body.contains(&format!("value=\"{typed}\"")), "{query}: {}", page.body);
        assert!(page.body.contains("see everything"), "{query}");
    }
    // Somebody whom the service knows and this account does not is as unknown as nobody.
    let elsewhere = json!({"name": "Other", "preset": "single-owner",
        "first_user": {"name": "Zoe", "email": "zoe@example.org"}});
    house.call("POST", "/v1/accounts", &house.operator, Some(elsewhere)).await;
    let (known, unknown) = (
        ben.get(&format!("{path}?person=zoe@example.org")).await,
        ben.get(&format!("{path}?person=yoe@example.org")).await,
    );
    assert_eq!(known.body.replace("zoe@", "yoe@").replace("zoe%40", "yoe%40"), unknown.body);
}

async fn days_are_those_of_the_reader(test: TestDb) {
    let (house, _) = eventful(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let path = format!("/accounts/{}/activity", house.account);
    assert!(ben.get(&path).await.body.contains("Days begin and end as in UTC."));
    ben.post("/me/time-zone", &[("time_zone", "Asia/Kolkata")]).await;
    let page = ben.get(&path).await.body;
    assert!(page.contains("UTC+5:30</time>") && page.contains("as in Asia/Kolkata"), "{page}");
    // The entries of one day there.
    let token = house.sign_in("Ben Bauer").await;
    let all = house.call("GET", &format!("/v1{path}?limit=200"), &token, None).await.json();
    let day = "2026-11-23";
    let (begins, ends) = ("2026-11-22T18:30:00.000000Z", "2026-11-23T18:30:00.000000Z");
    let within = |item: &&serde_json::Value| {
        let at = item["entry"]["at"].as_str().unwrap();
        at >= begins && at < ends
    };
    let there = all["items"].as_array().unwrap().iter().filter(within).count();
    let found = numbers(&ben.get(&format!("{path}?from={day}&until={day}")).await.body).len();
    assert_eq!(found, there.min(50));
}

async fn the_page_tells_how_the_log_is_sealed(test: TestDb) {
    let house = House::furnished(test).await;
    let app = &house.site.app;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let path = format!("/accounts/{}/activity", house.account);
    let nothing = ben.get(&path).await.body;
    assert!(nothing.contains("Nothing is sealed yet.") && !nothing.contains("audit verify --sealed"), "{nothing}");

    sweep(app, &CancellationToken::new()).await.unwrap();
    let page = ben.get(&path).await;
    is_well_made(&path, &page);
    let place = format!("/v1{path}/checkpoint");
    let told = house.call("GET", &place, &house.operator, None).await.json();
    let (size, entries) = (told["checkpoint"]["size"].as_u64().unwrap(), &told["entries"]);
    assert!(page.body.contains(&format!("All {entries} entries of this account are sealed.")), "{}", page.body);
    assert!(page.body.contains("Checkpoint 1 was signed on <time datetime=\"2026-11-"), "{}", page.body);
    assert!(page.body.contains("<a href=\"/log/checkpoint\">"));
    // What is to be kept is what the verifier takes.
    let kept = page.body.split("quorate audit verify --sealed ").nth(1).unwrap().split('<').next().unwrap();
    let (number, root) = kept.split_once(':').unwrap();
    assert_eq!(number, size.to_string());
    let root = Hash::from_bytes(BASE64.decode(root.as_bytes()).unwrap().try_into().unwrap());
    for (root, whole) in [(root, true), (Hash::of("another"), false)] {
        let kept = Kept { root: Some((size, root)), ..Kept::default() };
        assert_eq!(verify(&app.db, None, &kept, std::sync::Arc::new(|_| ())).await.unwrap().whole(), whole);
    }

    house.invite("Dora Dahl", "Eve Ek").await;
    let (all, waiting) = (ben.get(&path).await.body, entries.as_u64().unwrap() + 1);
    assert!(all.contains(&format!("Of the {waiting} entries of this account the newest one waits")), "{all}");
    house.invite("Dora Dahl", "Fay Fox").await;
    let all = ben.get(&format!("{path}?topic=webhooks")).await.body;
    assert!(all.contains(&format!("Of the {} entries of this account the newest 2 wait", waiting + 1)), "{all}");
}
