//! Setting, changing and removing one's password, and signing in and proving with it, by the pages and without script.

use jiff::SignedDuration;

use super::browser::{Browser, to};
use crate::{
    harness::{TestDb, on_both},
    web::site::{House, Reply, address},
};

on_both!(
    a_password_is_set_changed_and_removed,
    a_password_signs_in_from_its_own_form,
    the_page_tells_what_a_password_by_mail_is_not_worth_yet,
    what_is_wrong_stands_beside_the_field_and_the_password_nowhere,
);

const ONE: &str = "tractor-violet-armchair";
const TWO: &str = "ledger-monsoon-octagon";

/// Sets a password, having shown a mailed code.
async fn set(ben: &Browser<'_>, password: &str) -> Reply {
    let first = ben.get("/me/password").await;
    let form = if first.status == 303 { ben.prove_by_code("Ben Bauer", &first).await } else { first };
    assert!(form.body.contains("autocomplete=\"new-password\""), "{}", form.body);
    let set = ben.post("/me/password", &[("password", password)]).await;
    assert_eq!(to(&set), "/me?done=password-set", "{}", set.body);
    ben.follow(&set).await
}

async fn a_password_is_set_changed_and_removed(test: TestDb) {
    let house = House::moved_in("single-owner", test).await;
    let elsewhere = Browser::of(&house, "Ben Bauer").await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let me = ben.get("/me").await;
    assert!(me.body.contains("href=\"/me/password\">Set a password</a>"), "{}", me.body);
    assert_eq!(to(&ben.get("/me/password").await), "/prove?by=code&next=/me/password", "first they show who is there");
    let me = set(&ben, ONE).await;
    for words in ["Your password is set.", "Never used yet.", "Change the password", "/me/password/remove"] {
        assert!(me.body.contains(words), "{words}: {}", me.body);
    }
    assert_eq!(to(&elsewhere.get("/me").await), "/sign-in?next=/me&done=session-ended");

    // Removing it takes the password itself.
    let ask = ben.get("/me/password/remove").await;
    assert!(ask.status == 200 && ask.body.contains("Remove your password?"), "{}", ask.body);
    let refused = ben.post("/me/password/remove", &[]).await;
    assert_eq!(to(&refused), "/prove?next=/me/password/remove&done=credential-needed");
    let prove = ben.follow(&refused).await;
    assert!(prove.body.contains("A mailed code is not enough for this."), "{}", prove.body);
    assert!(prove.body.contains("action=\"/prove/password\""), "{}", prove.body);
    let fields = [("password", ONE), ("next", "/me/password/remove")];
    let proven = ben.post("/prove/password", &fields).await;
    assert_eq!(to(&proven), "/me/password/remove?done=proven");

    // Shown so, it is changed, and then removed.
    let change = ben.get("/me/password").await;
    assert!(
        change.body.contains("Change your password") && !change.body.contains("Show it instead"),
        "{}",
        change.body
    );
    let me = set(&ben, TWO).await;
    assert_eq!(me.body.matches("Set on").count(), 1, "the first one has ended: {}", me.body);
    let removed = ben.post("/me/password/remove", &[]).await;
    assert_eq!(to(&removed), "/me?done=password-removed");
    let me = ben.follow(&removed).await;
    assert!(me.body.contains("Set a password") && !me.body.contains("Change the password"), "{}", me.body);
    assert!(!ben.get("/prove").await.body.contains("/prove/password"), "there is none to show");
    let account = ben.get(&format!("/accounts/{}/activity", house.account)).await;
    let account = if account.status == 200 { account } else { ben.get(&format!("/accounts/{}", house.account)).await };
    assert!(account.body.contains("Ben Bauer removed their password."), "{}", account.body);
}

async fn a_password_signs_in_from_its_own_form(test: TestDb) {
    let house = House::moved_in("single-owner", test).await;
    set(&Browser::of(&house, "Ben Bauer").await, ONE).await;
    let browser = Browser::new(&house);
    let account = format!("/accounts/{}", house.account);
    let form = browser.follow(&browser.get(&account).await).await;
    for part in ["autocomplete=\"username\"", "autocomplete=\"current-password\"", "action=\"/sign-in/password\""] {
        assert!(form.body.contains(part), "{part}: {}", form.body);
    }
    assert!(form.body.contains("<details>"), "it opens for who wants it: {}", form.body);
    let ben = address("Ben Bauer");
    let sent =
        |password: &'static str| [("email", ben.clone()), ("password", password.into()), ("next", account.clone())];
    let post = async |fields: [(&str, String); 3]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/sign-in/password", &fields).await
    };
    let wrong = post(sent(TWO)).await;
    assert_eq!(wrong.status, 422);
    for part in ["<details open>", "id=\"password-wrong\"", "sign in with a code by mail", "aria-invalid=\"true\""] {
        assert!(wrong.body.contains(part), "{part}: {}", wrong.body);
    }
    assert!(wrong.body.contains(&format!("value=\"{ben}\"")) && !wrong.body.contains(TWO), "{}", wrong.body);
    assert_eq!(wrong.hidden("next"), account);
    let signed_in = post(sent(ONE)).await;
    assert_eq!((signed_in.status, to(&signed_in)), (303, account.as_str()), "{}", signed_in.body);
    assert_eq!(browser.follow(&signed_in).await.status, 200);
    // Signed in so, nobody asks once more who they are.
    assert_eq!(browser.get("/me/password").await.status, 200);
    assert!(browser.get("/me").await.body.contains("Last used on"));
    assert_eq!(to(&Browser::new(&house).get("/sign-in/password").await), "/sign-in");
}

async fn the_page_tells_what_a_password_by_mail_is_not_worth_yet(test: TestDb) {
    let house = House::moved_in("single-owner", test).await;
    house.site.app.clock.advance(SignedDuration::from_hours(24 * 30));
    let ben = Browser::of(&house, "Ben Bauer").await;
    let me = set(&ben, ONE).await;
    for words in ["by mail alone", "nothing but a code from your mailbox", "neither ends nor removes an older password"]
    {
        assert!(me.body.contains(words), "{words}: {}", me.body);
    }
    house.site.app.clock.advance(SignedDuration::from_mins(6));
    let form = ben.get("/me/password").await;
    let form = ben.prove_by_code("Ben Bauer", &form).await;
    assert!(form.body.contains("goes on working for 14 more days"), "{}", form.body);
    assert!(form.body.contains("href=\"/prove?next=/me/password\""), "{}", form.body);
    let me = set(&ben, TWO).await;
    for words in ["Works until", "More than one works at present."] {
        assert!(me.body.contains(words), "{words}: {}", me.body);
    }
}

async fn what_is_wrong_stands_beside_the_field_and_the_password_nowhere(test: TestDb) {
    let house = House::moved_in("single-owner", test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let first = ben.get("/me/password").await;
    ben.prove_by_code("Ben Bauer", &first).await;
    for (typed, words) in [
        ("hunter2", "A password has 10 to 200 characters, and this one has 7"),
        ("qwertyuiop", "because many people use it"),
        ("Ben Bauer Acme Freight", "what others know about you"),
    ] {
        let wrong = ben.post("/me/password", &[("password", typed)]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.body.contains("id=\"password-wrong\"") && wrong.body.contains(words), "{words}: {}", wrong.body);
        assert!(!wrong.body.contains(&format!("value=\"{typed}\"")), "{}", wrong.body);
    }
    set(&ben, ONE).await;
    house.site.app.clock.advance(SignedDuration::from_mins(6));
    assert_eq!(to(&ben.post("/me/password", &[("password", TWO)]).await), "/prove?by=code&next=/me/password");
    assert_eq!(to(&ben.post("/me/password/remove", &[]).await), "/prove?next=/me/password/remove");
    for _ in 0..10 {
        let wrong = ben.post("/prove/password", &[("password", TWO), ("next", "/me")]).await;
        assert!(wrong.status == 422 && wrong.body.contains("This is not your password"), "{}", wrong.body);
        assert!(wrong.hidden("next") == "/me" && !wrong.body.contains(TWO), "{}", wrong.body);
    }
    let late = ben.post("/prove/password", &[("password", ONE), ("next", "/me"), ("by", "code")]).await;
    assert!(late.status == 429 && late.body.contains("Too many wrong tries"), "{}", late.body);
    assert!(late.body.contains("action=\"/prove/code\""), "a code is still there, where it is enough: {}", late.body);
    let late = ben.post("/prove/password", &[("password", ONE), ("next", "/me")]).await;
    assert!(!late.body.contains("action=\"/prove/code\"") && late.body.contains("is not enough"), "{}", late.body);

    let empty = Browser::new(&house).post("/sign-in/password", &[("email", &address("Ben Bauer"))]).await;
    assert!(empty.status == 422 && empty.body.contains("Type your password"), "{}", empty.body);
    let typo = Browser::new(&house).post("/sign-in/password", &[("email", "ben@home"), ("password", ONE)]).await;
    assert!(typo.status == 422 && typo.body.contains("id=\"with-email-wrong\""), "{}", typo.body);
    assert!(typo.body.contains("value=\"ben@home\"") && !typo.body.contains(ONE), "{}", typo.body);
}
