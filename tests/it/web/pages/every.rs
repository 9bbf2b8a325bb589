//! What holds on every page: the headers, that opening it changes nothing, and that nobody sees what is not theirs.

use quorate::web::site::Mailbox;
use serde_json::json;

use super::browser::{Browser, to};
use crate::{
    app::dump::dump,
    harness::TestDb,
    web::site::{House, Reply, address, empty},
};

fn pages(house: &House) -> Vec<String> {
    let account = &house.account;
    [
        "/",
        "/me",
        "/me/time-zone",
        "/prove",
        "/prove/code",
        "/prove/password",
        "/me/password",
        "/me/password/remove",
        &format!("/accounts/{account}"),
        &format!("/accounts/{account}/roster"),
        &format!("/accounts/{account}/members"),
        &format!("/accounts/{account}/owners"),
        &format!("/accounts/{account}/mails"),
        &format!("/accounts/{account}/activity"),
        &format!("/accounts/{account}/activity?topic=owners&person=x"),
        &format!("/accounts/{account}/readiness"),
        &format!("/accounts/{account}/readiness?without="),
        &format!("/accounts/{account}/policy"),
        &format!("/accounts/{account}/policy/change"),
        &format!("/accounts/{account}/settings"),
        &format!("/accounts/{account}/cases/new"),
        "/mailbox",
        "/docs/problems",
        "/nowhere",
    ]
    .map(str::to_owned)
    .into()
}

pub fn is_guarded(path: &str, page: &Reply) {
    let header = |name: &str| page.headers.get(name).map_or("", |value| value.to_str().unwrap());
    let policy = header("content-security-policy");
    for rule in
        ["default-src 'none'", "style-src 'self'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'"]
    {
        assert!(policy.contains(rule) && !policy.contains("unsafe"), "{path}: {policy}");
    }
    assert_eq!(header("content-type"), "text/html; charset=utf-8", "{path}");
    assert_eq!(header("cache-control"), "no-store", "{path}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(header("referrer-policy"), "same-origin", "{path}");
}

pub fn is_well_made(path: &str, page: &Reply) {
    let body = &page.body;
    for (part, number) in [("<h1", 1), ("<main ", 1), ("<html lang=\"en\">", 1), ("class=\"skip\"", 1), ("</html>", 1)]
    {
        assert_eq!(body.matches(part).count(), number, "{path}: {part} in {body}");
    }
    for foreign in
        [" style=", "<style", "onclick", "javascript:", "src=\"http", "href=\"http:", "href=\"https:", "<script>"]
    {
        assert!(!body.contains(foreign), "{path}: {foreign} in {body}");
    }
    assert!(!body.contains("{{") && !body.contains("{%"), "{path}: {body}");
    for address in body.split("=\"/accounts/").skip(1) {
        assert!(address.starts_with("acct_"), "{path}: it leads to no account: {}", &address[..40]);
    }
    // Every label names a control that is there, once.
    for label in body.split("<label for=\"").skip(1) {
        let id = label.split('"').next().unwrap();
        assert_eq!(body.matches(&format!(" id=\"{id}\"")).count(), 1, "{path}: {id} in {body}");
    }
    let ids: Vec<&str> = body.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{path}: an id stands there twice: {ids:?}");
}

#[tokio::test]
async fn every_page_is_guarded_and_well_made() {
    let house = House::furnished(TestDb::sqlite().await).await;
    let offer = house.offer("Cleo Costa").await;
    house.open_case().await;
    house.suspend("Ben Bauer", "Dora Dahl").await;
    let cleo = Browser::of(&house, "Cleo Costa").await;
    // Some pages open only to whoever has just shown that it is them.
    cleo.prove_by_code("Cleo Costa", &cleo.get("/me/password").await).await;
    let stranger = Browser::new(&house);
    let before = dump(&house.test).await;
    let (ben, own) = (house.user("Ben Bauer").await, house.user("Cleo Costa").await);
    let account = &house.account;
    let more = [
        format!("/accounts/{account}/members/{ben}"),
        format!("/accounts/{account}/members/{own}/leave"),
        format!("/transfers/{offer}"),
        format!("/transfers/{offer}/decline"),
    ];
    for path in pages(&house).into_iter().chain(more) {
        let page = cleo.get(&path).await;
        is_guarded(&path, &page);
        is_well_made(&path, &page);
        let status = if path == "/nowhere" {
            404
        } else if path.ends_with("person=x") {
            422
        } else {
            200
        };
        assert_eq!(page.status, status, "{path}");
    }
    for path in ["/", "/sign-in", "/docs/problems", "/nowhere"] {
        let page = stranger.get(path).await;
        is_guarded(path, &page);
        is_well_made(path, &page);
    }
    for path in ["/me", "/prove", &format!("/accounts/{}", house.account)] {
        let sent_away = stranger.get(path).await;
        assert_eq!((sent_away.status, to(&sent_away)), (303, format!("/sign-in?next={path}").as_str()));
        assert_eq!(sent_away.headers["cache-control"], "no-store");
    }
    assert_eq!(dump(&house.test).await, before, "opening a page changes nothing");
}

#[tokio::test]
async fn nobody_sees_what_is_not_theirs() {
    let house = House::furnished(TestDb::sqlite().await).await;
    let other = json!({"name": "Other", "first_user": {"name": "Rita Rossi", "email": address("Rita Rossi")}});
    assert_eq!(house.call("POST", "/v1/accounts", &house.operator, Some(other)).await.status, 201);
    let (link, token) = house.link("Rita Rossi", "invitation").await;
    house.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
    let rita = Browser::of(&house, "Rita Rossi").await;
    let (ben, offer) = (house.user("Ben Bauer").await, house.offer("Cleo Costa").await);
    let account = &house.account;
    let nothing = account.replace("acct_0", "acct_1");
    for path in [
        format!("/accounts/{account}"),
        format!("/accounts/{account}/roster"),
        format!("/accounts/{account}/members"),
        format!("/accounts/{account}/members/{ben}"),
        format!("/accounts/{account}/members/{ben}/suspend"),
        format!("/accounts/{account}/owners"),
        format!("/accounts/{account}/owners/choose?user=&deed=grant"),
        format!("/transfers/{offer}"),
        format!("/transfers/{offer}/accept"),
        format!("/accounts/{account}/cases/new"),
        format!("/accounts/{account}/policy"),
        format!("/accounts/{account}/policy/change?step=review&pauses=1"),
        format!("/accounts/{account}/policy/cancel"),
        format!("/accounts/{account}/settings"),
        format!("/accounts/{account}/logo"),
        format!("/accounts/{account}/recovery-users"),
        format!("/accounts/{account}/recovery-users/rusr_01h2xcejqtf2nbrexx3vqjhp41/remove"),
        format!("/accounts/{nothing}"),
        "/accounts/acct_x".to_owned(),
        "/accounts/user_01h455vb4pex5vsknk084sn02q".to_owned(),
        format!("/accounts/{account}/roster/chg_x/contest"),
    ] {
        let page = rita.get(&path).await;
        assert_eq!(page.status, 404, "{path}: {}", page.body);
        assert!(page.body.contains("<h1>Not found</h1>") && !page.body.contains("Acme"), "{path}: {}", page.body);
        assert!(page.body.contains("Rita Rossi"), "whoever has signed in finds their way on: {}", page.body);
        is_guarded(&path, &page);
    }
    let form =
        [("kind", "replace"), ("nominee", "user_01h455vb4pex5vsknk084sn02q"), ("statement", "x"), ("step", "open")];
    for path in [
        format!("/accounts/{account}/cases/new"),
        format!("/accounts/{account}/members"),
        format!("/accounts/{account}/members/{ben}/suspend"),
        format!("/accounts/{account}/members/{ben}/grant"),
        format!("/transfers/{offer}/accept"),
        format!("/transfers/{offer}/cancel"),
    ] {
        assert_eq!(rita.post(&path, &form).await.status, 404, "{path}");
    }
    // A program that asks for no page gets a problem.
    let problem = house.call("GET", "/nowhere", "", None).await;
    assert_eq!((problem.status, problem.json()["code"].as_str()), (404, Some("not_found")));
}

#[tokio::test]
async fn pages_carry_the_name_of_the_service() {
    let house = empty(TestDb::sqlite().await, Mailbox::Open).called("Example <Keys>");
    let browser = Browser::new(&house);
    for path in ["/", "/sign-in", "/nowhere", "/l/x", "/docs/problems"] {
        let page = browser.get(path).await;
        assert!(page.body.contains("<span>Example ‹Keys›</span>"), "{path}: {}", page.body);
        assert!(
            page.body.contains(" · Example ‹Keys›</title>") && !page.body.contains("Quorate"),
            "{path}: {}",
            page.body
        );
    }
}
