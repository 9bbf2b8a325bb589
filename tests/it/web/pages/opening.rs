//! Opening a case by the pages: what was typed stays, the second page shows what it would do, one button does it.

use super::browser::{Browser, to};
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both},
    web::site::House,
};

on_both!(a_case_is_opened_in_two_steps, what_was_typed_stays);

async fn nominee(house: &House, browser: &Browser<'_>, name: &str) -> String {
    let form = browser.get(&format!("/accounts/{}/cases/new", house.account)).await;
    let (before, _) =
        form.body.split_once(&format!("\">{name},")).unwrap_or_else(|| panic!("no {name}: {}", form.body));
    before.rsplit_once("value=\"").unwrap().1.to_owned()
}

async fn a_case_is_opened_in_two_steps(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let path = format!("/accounts/{}/cases/new", house.account);
    let cleo = nominee(&house, &ben, "Cleo Costa").await;
    let statement = "Olga left.\r\n<b>Her phone</b> is gone.";
    let typed = [("kind", "replace"), ("nominee", cleo.as_str()), ("statement", statement)];
    let before = dump(&house.test).await;
    let review = ben.post(&path, &[typed.as_slice(), &[("step", "review")]].concat()).await;
    assert_eq!(review.status, 200, "{}", review.body);
    assert_eq!(dump(&house.test).await, before, "showing what it would do does nothing");
    for words in [
        "Olga Orlova &#60;olga@acme.example&#62;",
        "3 administrators with standing",
        "<strong>2 approvals</strong>",
        "3 days",
        "&#60;b&#62;Her",
    ] {
        assert!(review.body.contains(words), "{words}: {}", review.body);
    }
    let key = review.hidden("key");
    let again = ben.post(&path, &[typed.as_slice(), &[("step", "edit")]].concat()).await;
    assert!(
        again.body.contains("checked")
            && again.body.contains("selected")
            && again.body.contains("&#60;b&#62;Her phone")
    );

    let open = [typed.as_slice(), &[("step", "open"), ("key", key.as_str())]].concat();
    let opened = ben.post(&path, &open).await;
    let place = to(&opened).to_owned();
    assert!(place.starts_with("/cases/case_") && place.ends_with("?done=case-opened"), "{place}: {}", opened.body);
    assert_eq!(to(&ben.post(&path, &open).await), place, "the button pressed twice opens one case");
    let case = place.trim_start_matches("/cases/").split('?').next().unwrap();
    let token = house.sign_in("Ben Bauer").await;
    let shown = house.call("GET", &format!("/v1/cases/{case}"), &token, None).await.json();
    assert_eq!(shown["terms"]["statement"], "Olga left.\n<b>Her phone</b> is gone.");
    let other = ben.post(&path, &[typed.as_slice(), &[("step", "open"), ("key", "another")]].concat()).await;
    assert!(other.status == 409 && other.body.contains("You already have an open case"), "{}", other.body);
}

async fn what_was_typed_stays(test: TestDb) {
    let house = House::furnished(test).await;
    let ben = Browser::of(&house, "Ben Bauer").await;
    let path = format!("/accounts/{}/cases/new", house.account);
    let empty = ben.post(&path, &[("statement", "  "), ("step", "review")]).await;
    assert_eq!(empty.status, 422);
    for words in ["id=\"nominee-wrong\"", "href=\"#nominee\"", "href=\"#kind\"", "Choose who would become owner"] {
        assert!(empty.body.contains(words), "{words}: {}", empty.body);
    }
    let cleo = nominee(&house, &ben, "Cleo Costa").await;
    let long = "x".repeat(2001);
    let sent = [("kind", "replace"), ("nominee", cleo.as_str()), ("statement", long.as_str()), ("step", "review")];
    let wrong = ben.post(&path, &sent).await;
    assert!(wrong.status == 422 && wrong.body.contains("id=\"statement-wrong\"") && wrong.body.contains(&long));
    assert!(wrong.body.contains(&format!("value=\"{cleo}\" selected")));
    let add = ben.post(&path, &[("kind", "add"), ("nominee", &cleo), ("statement", "y"), ("step", "review")]).await;
    assert!(add.status == 422 && add.body.contains("id=\"kind-wrong\""), "{}", add.body);

    let olga = Browser::of(&house, "Olga Orlova").await;
    let form = olga.get(&path).await;
    assert!(form.body.contains("You cannot open a case here") && !form.body.contains("<textarea"), "{}", form.body);
    let sent = [("kind", "replace"), ("nominee", cleo.as_str()), ("statement", "Me."), ("step", "open")];
    let refused = olga.post(&path, &sent).await;
    assert!(refused.status == 403 && refused.body.contains("owners act as owners"), "{}", refused.body);
}
