//! Accounts and tokens at the command line.

use super::place::Place;

const ALEX: &str = "Alex Example <alex@example.org>";
const KIM: &str = "Kim Example <kim@example.org>";

#[test]
fn an_account_is_created_listed_and_shown() {
    let place = Place::installed();
    let create = ["account", "create", "--name", "Example", "--owner", ALEX, "--administrator", KIM];
    let made = place.json(&[&create[..], &["--preset", "single-owner"]].concat());
    let id = made["account"]["id"].as_str().unwrap();
    assert!(id.starts_with("acct_"));
    assert_eq!(made["account"]["status"], "pending");
    assert_eq!(made["owners"][0]["email"], "alex@example.org");
    assert_eq!(made["administrators"][0]["email"], "kim@example.org");
    assert_eq!(place.json(&["account", "show", id]), made);
    assert!(place.run(&["account", "show", id]).out.contains(KIM));

    let second = place.json(&["account", "create", "--name", "Second", "--owner", ALEX]);
    let list = place.json(&["account", "list", "--limit", "1"]);
    assert_eq!((list["items"][0]["id"].as_str(), list["next"].as_str()), (Some(id), Some(id)));
    let rest = place.json(&["account", "list", "--after", id]);
    assert_eq!((&rest["items"][0]["id"], rest["next"].is_null()), (&second["account"]["id"], true));
}

#[test]
fn an_account_that_cannot_be_is_refused() {
    let place = Place::installed();
    let create = |extra: &[&str]| place.run(&[&["account", "create", "--name", "Example"], extra].concat());
    create(&["--owner", "alex@example.org"]).refused(2, "is not a person");
    create(&["--owner", ALEX, "--preset", "no-such"]).refused(2, "`/preset`");
    create(&["--owner", ALEX, "--administrator", ALEX]).refused(2, "named twice");
    create(&[]).refused(2, "--owner");
    place.run(&["account", "show", "acct_1"]).refused(2, "is not an id");
    place.run(&["account", "show", "acct_01h455vb4pex5vsknk084sn02q"]).refused(1, "there is no account");
    assert_eq!(place.json(&["account", "list"])["items"].as_array().unwrap().len(), 0);
}

#[test]
fn a_token_is_shown_once_works_and_is_revoked() {
    let place = Place::installed();
    let create = ["token", "create", "--name", "billing", "--scope", "read", "--scope", "accounts.create"];
    let made = place.json(&create);
    let (id, token) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    assert_eq!(made["scopes"].to_string(), r#"["accounts.create","read"]"#);
    let listed = place.run(&["token", "list"]).out;
    assert!(listed.contains(id) && listed.contains("first operator") && !listed.contains(token), "{listed}");
    assert!(!place.run(&["token", "list", "--json"]).out.contains(token));

    let serving = place.serve(&[]);
    assert_eq!(serving.get("/v1/accounts", token).0, "HTTP/1.1 200 OK");
    assert_eq!(place.run(&["token", "revoke", id]).code, Some(0));
    assert_eq!(serving.get("/v1/accounts", token).0, "HTTP/1.1 401 Unauthorized");
    assert!(!place.json(&["token", "list"])[1]["revoked_at"].is_null());
}

#[test]
fn a_token_that_cannot_be_is_refused() {
    let place = Place::installed();
    let create = |extra: &[&str]| place.run(&[&["token", "create", "--name", "x"], extra].concat());
    create(&["--scope", "everything"]).refused(2, "there is no scope `everything`");
    create(&[]).refused(2, "name at least one scope");
    create(&["--kind", "operator", "--scope", "read"]).refused(2, "has no scopes");
    place.run(&["token", "revoke", "acct_01h455vb4pex5vsknk084sn02q"]).refused(2, "is not an id");
    place.run(&["token", "revoke", "tokn_01h455vb4pex5vsknk084sn02q"]).refused(1, "there is no token");
}
