//! The pages of the members: inviting somebody, and each act on a member with the page before it.

use super::browser::{Browser, to};
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both},
    web::site::{House, address},
};

on_both!(
    somebody_is_invited,
    an_owner_finds_after_the_proof_what_they_typed,
    a_member_is_changed_step_by_step,
    an_owner_is_protected_on_pages_too,
    whoever_may_not_is_told_why,
);

async fn somebody_is_invited(test: TestDb) {
    let house = House::furnished(test).await;
    let path = format!("/accounts/{}/members", house.account);
    let ben = Browser::of(&house, "Ben Bauer").await;
    let page = ben.get(&path).await;
    for words in ["Olga Orlova", ">owner<", "this is you", "Send the invitation", "Normal user"] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    // What was typed stays, and each sentence stands beside its field.
    let wrong = ben.post(&path, &[("name", "Emil <Ek>"), ("email", "emil"), ("role", "user")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    for words in ["value=\"Emil &#60;Ek&#62;\"", "value=\"emil\"", "value=\"user\" selected", "aria-invalid"] {
        assert!(wrong.body.contains(words), "{words}: {}", wrong.body);
    }
    let email = address("Emil Ek");
    let no_role = ben.post(&path, &[("name", "Emil Ek"), ("email", &email), ("role", "")]).await;
    assert!(no_role.status == 422 && no_role.body.contains("href=\"#role\""), "{}", no_role.body);
    let again = ben.post(&path, &[("name", "Dora"), ("email", &address("Dora Dahl")), ("role", "user")]).await;
    assert!(again.status == 409 && again.body.contains("href=\"#email\""), "{}", again.body);
    assert_eq!(house.mails("Emil Ek", "invitation").await, 0);

    let invited = ben.post(&path, &[("name", "Emil Ek"), ("email", &email), ("role", "user")]).await;
    assert_eq!(
        (invited.status, to(&invited)),
        (303, format!("{path}?done=member-invited").as_str()),
        "{}",
        invited.body
    );
    let page = ben.follow(&invited).await;
    assert!(page.body.contains("Emil Ek") && page.body.contains(">invited<"), "{}", page.body);
    assert_eq!(house.mails("Emil Ek", "invitation").await, 1);
    // The page after everybody is empty, and says where there is somebody.
    let last = ben.get(&format!("{path}?after={}", house.user("Emil Ek").await)).await;
    assert!(last.status == 200 && last.body.contains("To the first page"), "{}", last.body);
}

async fn an_owner_finds_after_the_proof_what_they_typed(test: TestDb) {
    let house = House::furnished(test).await;
    let path = format!("/accounts/{}/members", house.account);
    let olga = Browser::of(&house, "Olga Orlova").await;
    let email = address("Emil Ek");
    let form = [("name", "Emil & Ek"), ("email", email.as_str()), ("role", "administrator")];
    let first = olga.post(&path, &form).await;
    let back = olga.prove("Olga Orlova", &first).await;
    for words in ["value=\"Emil &#38; Ek\"", "value=\"emil@acme.example\"", "value=\"administrator\" selected"] {
        assert!(back.body.contains(words), "{words}: {}", back.body);
    }
    assert_eq!(house.mails("Emil Ek", "invitation").await, 0, "coming back sends nothing");
    assert_eq!(olga.post(&path, &form).await.status, 303);
    assert_eq!(house.mails("Emil Ek", "invitation").await, 1);
}

/// The page before the act changes nothing, says what it means and has one button; the button does it.
async fn step(house: &House, browser: &Browser<'_>, page: &str, says: &str, fields: &[(&str, &str)], done: &str) {
    let before = dump(&house.test).await;
    let query: Vec<String> = fields.iter().map(|(name, value)| format!("?{name}={value}")).collect();
    let asked = browser.get(&format!("{page}{}", query.concat())).await;
    assert!(asked.status == 200 && asked.body.contains(says), "{page}, {says}: {}", asked.body);
    let (_, main) = asked.body.split_once("<main").unwrap();
    assert_eq!(main.matches("<button").count(), 1, "{main}");
    assert_eq!(dump(&house.test).await, before, "{page}: opening it changes nothing");
    let pressed = browser.post(page, fields).await;
    assert_eq!(pressed.status, 303, "{page}: {}", pressed.body);
    assert!(to(&pressed).ends_with(&format!("?done={done}")), "{}", to(&pressed));
    assert_eq!(browser.follow(&pressed).await.status, 200, "{}", to(&pressed));
}

async fn a_member_is_changed_step_by_step(test: TestDb) {
    let house = House::furnished(test).await;
    house.invite("Ben Bauer", "Emil Ek").await;
    let (link, token) = house.link("Emil Ek", "invitation").await;
    house.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let emil = format!("/accounts/{}/members/{}", house.account, house.user("Emil Ek").await);
    let shown = ben.get(&emil).await;
    for words in ["<h1>Emil Ek</h1>", "emil@acme.example", "Normal user", "Suspend", "Remove from the account"] {
        assert!(shown.body.contains(words), "{words}: {}", shown.body);
    }
    assert!(!shown.body.contains("Grant ownership") && !shown.body.contains("Leave"), "{}", shown.body);
    let at = |deed: &str| format!("{emil}/{deed}");
    step(&house, &ben, &at("suspend"), "Suspend Emil Ek?", &[], "member-suspended").await;
    assert!(ben.get(&emil).await.body.contains(">suspended<"));
    step(&house, &ben, &at("resume"), "Give Emil Ek access again?", &[], "member-resumed").await;
    let role = [("role", "administrator")];
    let says =
        "but only 3 days after an owner, or more than half of the administrators with standing, has confirmed it";
    step(&house, &ben, &at("role"), says, &role, "role-changed").await;
    assert!(ben.get(&emil).await.body.contains("Administrator"));
    let none = ben.get(&format!("{emil}/role?role=")).await;
    assert!(none.status == 422 && none.body.contains("href=\"#role\""), "{}", none.body);
    let unknown = ben.post(&at("role"), &[("role", "king")]).await;
    assert!(unknown.status == 422 && unknown.body.contains("href=\"#role\""), "{}", unknown.body);

    // An owner proves first who they are, and comes back to the page before the act.
    let olga = Browser::of(&house, "Olga Orlova").await;
    let first = olga.get(&at("remove")).await;
    let asked = olga.prove("Olga Orlova", &first).await;
    assert!(asked.body.contains("Remove Emil Ek?") && asked.body.contains("That ends at once"), "{}", asked.body);
    let removed = olga.post(&at("remove"), &[]).await;
    assert_eq!(to(&removed), format!("/accounts/{}/members?done=member-removed", house.account));
    assert!(!olga.follow(&removed).await.body.contains("Emil Ek"));
    assert_eq!(ben.get(&emil).await.status, 404);

    // Everybody leaves by themselves.
    let dora = Browser::of(&house, "Dora Dahl").await;
    let own = format!("/accounts/{}/members/{}", house.account, house.user("Dora Dahl").await);
    step(&house, &dora, &format!("{own}/leave"), "Leave Acme Freight?", &[], "account-left").await;
    assert_eq!(dora.get(&own).await.status, 404);
}

async fn an_owner_is_protected_on_pages_too(test: TestDb) {
    let house = House::furnished(test).await;
    let olga = format!("/accounts/{}/members/{}", house.account, house.user("Olga Orlova").await);
    let before = dump(&house.test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let signed_in = dump(&house.test).await;
    assert_ne!(before, signed_in);
    let page = ben.get(&olga).await;
    assert!(page.body.contains("protected because they own the account"), "{}", page.body);
    for deed in ["suspend", "remove"] {
        assert!(!page.body.contains(&format!("/{deed}\"")), "{deed}: {}", page.body);
        for refused in [ben.get(&format!("{olga}/{deed}")).await, ben.post(&format!("{olga}/{deed}"), &[]).await] {
            assert_eq!(refused.status, 409, "{deed}: {}", refused.body);
            assert!(refused.body.contains("Revoke their ownership") || refused.body.contains("revoke their ownership"));
        }
    }
    for refused in [ben.get(&format!("{olga}/revoke")).await, ben.post(&format!("{olga}/revoke"), &[]).await] {
        assert!(refused.status == 403 && refused.body.contains("nly an owner"), "{}", refused.body);
    }
    assert_eq!(dump(&house.test).await, signed_in, "nothing has changed");
    // Not even themselves: neither leaving nor stepping down, for nobody else would own it.
    let herself = Browser::of(&house, "Olga Orlova").await;
    let page = herself.get(&olga).await;
    assert!(
        page.body.contains("this is the last owner") || page.body.contains("This is the last owner"),
        "{}",
        page.body
    );
    assert_eq!(herself.post(&format!("{olga}/leave"), &[]).await.status, 409);
    assert_eq!(house.owners().await, ["Olga Orlova"]);
}

async fn whoever_may_not_is_told_why(test: TestDb) {
    let house = House::furnished(test).await;
    house.invite("Ben Bauer", "Emil Ek").await;
    let (link, token) = house.link("Emil Ek", "invitation").await;
    house.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
    let emil = Browser::of(&house, "Emil Ek").await;
    let path = format!("/accounts/{}/members", house.account);
    let page = emil.get(&path).await;
    assert!(page.body.contains("nly owners and members whose role may manage members"), "{}", page.body);
    assert!(!page.body.contains("Send the invitation"), "{}", page.body);
    let form = [("name", "Fred"), ("email", "fred@acme.example"), ("role", "user")];
    assert_eq!(emil.post(&path, &form).await.status, 403);
    let ben = house.user("Ben Bauer").await;
    let refused = emil.post(&format!("{path}/{ben}/suspend"), &[]).await;
    assert!(refused.status == 403 && refused.body.contains("manage members"), "{}", refused.body);
}
