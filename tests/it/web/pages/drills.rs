//! The pages and the API of drills, for whoever holds a paper key.

use serde_json::json;

use super::{
    every::{is_guarded, is_well_made},
    paper_keys::{confirmed, issued},
};
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both},
    web::site::House,
};

on_both!(a_key_is_drilled_on_the_page, the_api_has_drills);

const RITA: &str = "rita@example.net";

/// The same with another character in one place.
fn mistyped(line: &str) -> String {
    let (front, last) = line.split_at(line.len() - 1);
    format!("{front}{}", if last == "7" { "8" } else { "7" })
}

async fn a_key_is_drilled_on_the_page(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let rita = confirmed(&house).await;
    let lines = issued(&house, &rita).await;
    let before = dump(&house.test).await;
    let page = house.open("/drill").await;
    is_guarded("/drill", &page);
    is_well_made("/drill", &page);
    assert_eq!(house.open("/drill/code").await.status, 303);
    let fields = |lines: [&str; 4]| {
        let names = ["line1", "line2", "line3", "line4"];
        names.into_iter().zip(lines.map(str::to_owned)).collect::<Vec<_>>()
    };
    let send = async |lines: [&str; 4]| {
        let fields = fields(lines);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, line)| (*name, line.as_str())).collect();
        house.form("/drill", &fields).await
    };
    let [first, second, third, fourth] = [0, 1, 2, 3].map(|at: usize| lines[at].as_str());
    // Every line that is wrong is named beside its field, and what was typed is there again.
    let wrong = send([first, &mistyped(second), third, ""]).await;
    is_well_made("/drill", &wrong);
    assert_eq!(wrong.status, 422);
    for (line, is_wrong) in [("line1", false), ("line2", true), ("line3", false), ("line4", true)] {
        assert_eq!(wrong.body.contains(&format!("id=\"{line}-wrong\"")), is_wrong, "{line}: {}", wrong.body);
    }
    assert!(wrong.body.contains(&format!("value=\"{third}\"")), "{}", wrong.body);
    assert_eq!(send(["", "", "", ""]).await.status, 422);
    assert_eq!(dump(&house.test).await, before, "what is no key is asked of nobody");

    let asked = send([&lines.join("-").to_lowercase(), "", "", ""]).await;
    is_well_made("/drill", &asked);
    assert!(asked.status == 200 && asked.body.contains("r\u{2022}\u{2022}\u{2022}@example.net"), "{}", asked.body);
    let asked = send([first, second, third, fourth]).await;
    assert!(!asked.body.contains(RITA) && !asked.body.contains(second), "{}", asked.body);
    let (drill, code) = (asked.hidden("drill"), house.code_at(RITA).await);
    let wrong = house.form("/drill/code", &[("drill", &drill), ("code", "1")]).await;
    is_well_made("/drill/code", &wrong);
    assert!(wrong.status == 422 && wrong.body.contains("id=\"code-wrong\""), "{}", wrong.body);
    let done = house.form("/drill/code", &[("drill", &wrong.hidden("drill")), ("code", &code)]).await;
    is_well_made("/drill/code", &done);
    assert!(done.status == 200 && done.body.contains("Your paper key works"), "{}", done.body);
    assert!(house.mail("Olga Orlova", "paper_key_changed").await.unwrap().1.contains("nothing was spent"));
}

async fn the_api_has_drills(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let rita = confirmed(&house).await;
    let lines = issued(&house, &rita).await;
    let begin =
        async |key: String| house.call("POST", "/v1/paper-keys/drill", "", Some(json!({"paper_key": key}))).await;
    let wrong = begin(format!("{}\n{}\n{}\n{}", lines[0], lines[2], lines[1], lines[3])).await;
    assert_eq!((wrong.status, &wrong.json()["errors"][0]["pointer"]), (422, &json!("/paper_key")), "{}", wrong.body);
    assert!(wrong.body.contains("what was typed as line 2 is line 3 of the sheet"), "{}", wrong.body);
    let unknown = house.site.app.chance.paper_key().sheet().text().to_string();
    let refused = begin(unknown).await;
    assert_eq!((refused.status, &refused.json()["code"]), (422, &json!("paper_key_refused")));
    let begun = begin(lines.join("\n")).await;
    assert_eq!(begun.status, 202, "{}", begun.body);
    let begun = begun.json();
    assert_eq!(begun["sent_to"], json!(["r\u{2022}\u{2022}\u{2022}@example.net"]));
    let code = house.code_at(RITA).await;
    let end = async |code: &str| {
        let body = json!({"drill": begun["drill"], "code": code});
        house.call("POST", "/v1/paper-keys/drill/confirm", "", Some(body)).await
    };
    assert_eq!(end("1").await.json()["code"], "wrong_code");
    let done = end(&code).await;
    assert_eq!((done.status, &done.json()["holder"]), (200, &json!("Rita Rossi")), "{}", done.body);
    assert_eq!(end(&code).await.json()["code"], "wrong_code", "it ends once");
    let olga = house.proven("Olga Orlova").await;
    let path = format!("/v1/accounts/{}/recovery-users/{rita}/paper-keys", house.account);
    let listed = house.call("GET", &path, &olga, None).await.json();
    assert!(listed["items"][0]["drilled_at"].is_string(), "{listed}");
}
