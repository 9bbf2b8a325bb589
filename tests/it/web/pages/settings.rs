//! The pages and the API of the settings, and what the account looks like afterwards.

use axum::{body::Body, http::Request};
use serde_json::json;

use super::browser::{Browser, to};
use crate::{
    app::settings::{Records, small_png},
    harness::{TestDb, on_both},
    web::site::{House, address},
};

on_both!(an_owner_brands_the_account, whoever_may_configures, people_join_by_domain, the_api_has_the_settings);

async fn an_owner_brands_the_account(test: TestDb) {
    let house = House::furnished_as("recommended", test).await;
    let path = format!("/accounts/{}/settings", house.account);
    let ben = Browser::of(&house, "Ben Bauer").await;
    assert!(ben.get(&path).await.body.contains("Owners change the settings."));
    assert_eq!(ben.post(&path, &[("act", "branding"), ("name", "Mine")]).await.status, 403);
    let olga = Browser::of(&house, "Olga Orlova").await;
    let fields = [("act", "branding"), ("name", "Acme & Sons"), ("colour", "#FFCC00")];
    let asked = olga.post(&path, &fields).await;
    let back = olga.prove("Olga Orlova", &asked).await;
    assert!(
        back.body.contains("value=\"Acme &#38; Sons\"") && back.body.contains("value=\"#FFCC00\""),
        "{}",
        back.body
    );
    let wrong = olga.post(&path, &[("act", "branding"), ("name", "Acme"), ("colour", "yellow")]).await;
    assert!(
        wrong.status == 422 && wrong.body.contains("id=\"colour-wrong\"") && wrong.body.contains("value=\"yellow\"")
    );
    let saved = olga.post(&path, &fields).await;
    assert_eq!(to(&saved), format!("{path}?done=settings-saved"));

    // Members see it on the pages of the account, and nobody on others.
    let home = ben.get(&format!("/accounts/{}", house.account)).await;
    assert!(home.body.contains("<span>Acme &#38; Sons</span>"), "{}", home.body);
    assert!(home.body.contains("href=\"/assets/brand/ffcc00\""), "{}", home.body);
    assert!(!ben.get("/me").await.body.contains("account-brand"));
    let style = ben.get("/assets/brand/ffcc00").await;
    assert!(style.body.contains("--brand: #ffcc00; --brand-ink: #000000;"), "{}", style.body);
    assert_eq!(ben.get("/assets/brand/zzz").await.status, 404);
    let case = house.open_case().await;
    assert!(ben.get(&format!("/cases/{case}")).await.body.contains("account-brand"));
    let ballot = house.mail("Ben Bauer", "ballot_request").await.unwrap().1;
    assert!(ballot.starts_with("Acme & Sons\n"), "{ballot}");

    // A logo, through the form.
    let png = small_png();
    let form = Request::post(format!("{path}/logo"))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=xyz")
        .header("cookie", olga.cookie.borrow().clone().unwrap())
        .header("accept", "text/html");
    let mut body = b"--xyz\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.extend(&png);
    body.extend(b"\r\n--xyz--\r\n");
    let kept = house.send(form.body(Body::from(body)).unwrap()).await;
    assert_eq!(to(&kept), format!("{path}?done=settings-saved"), "{}", kept.body);
    let home = ben.get(&format!("/accounts/{}", house.account)).await;
    assert!(home.body.contains(&format!("<img src=\"/accounts/{}/logo?v=", house.account)), "{}", home.body);
    let gone = olga.post(&path, &[("act", "remove-logo")]).await;
    assert_eq!(to(&gone), format!("{path}?done=settings-saved"));
    assert_eq!(ben.get(&format!("/accounts/{}/logo", house.account)).await.status, 404);
}

/// Where the preset gives administrators the settings, they change them as an owner does: with a proof, and on the page.
async fn whoever_may_configures(test: TestDb) {
    let house = House::furnished(test).await;
    let path = format!("/accounts/{}/settings", house.account);
    house.invite("Ben Bauer", "Rita Rossi").await;
    house.accept("Rita Rossi").await;
    let rita = Browser::of(&house, "Rita Rossi").await;
    assert!(rita.get(&path).await.body.contains("Owners change the settings, and members whose role lets them."));
    let fields = [("act", "branding"), ("name", "Acme Lines"), ("colour", "#1d4ed8")];
    assert_eq!(rita.post(&path, &fields).await.status, 403);
    let ben = Browser::of(&house, "Ben Bauer").await;
    let asked = ben.post(&path, &fields).await;
    let back = ben.prove("Ben Bauer", &asked).await;
    assert!(back.body.contains("value=\"Acme Lines\""), "{}", back.body);
    assert_eq!(to(&ben.post(&path, &fields).await), format!("{path}?done=settings-saved"));
    assert!(rita.get(&path).await.body.contains("Acme Lines"));
    // Every owner is told who has opened a door.
    let added = ben.post(&path, &[("act", "domain"), ("domain", "acme.example"), ("role", "user")]).await;
    assert_eq!(to(&added), format!("{path}?done=domain-added"));
    let told = house.mail("Olga Orlova", "domain_changed").await.unwrap().1;
    assert!(told.contains("Ben Bauer") && told.contains("acme.example"), "{told}");
}

async fn people_join_by_domain(test: TestDb) {
    let records = Records::start().await;
    let mut house = House::furnished(test).await;
    house.site.app.dns = records.dns();
    let url = house.site.app.public_url.clone();
    house.moved_to(&url);
    let path = format!("/accounts/{}/settings", house.account);
    let olga = Browser::of(&house, "Olga Orlova").await;
    let fields = [("act", "domain"), ("domain", "acme.example"), ("role", "user")];
    let asked = olga.post(&path, &fields).await;
    let back = olga.prove("Olga Orlova", &asked).await;
    assert!(back.body.contains("value=\"acme.example\""), "{}", back.body);
    let public = olga.post(&path, &[("act", "domain"), ("domain", "gmail.com"), ("role", "user")]).await;
    assert!(public.status == 422 && public.body.contains("id=\"domain-wrong\""), "{}", public.body);
    let added = olga.post(&path, &fields).await;
    assert_eq!(to(&added), format!("{path}?done=domain-added"));
    let page = olga.follow(&added).await;
    assert!(page.body.contains("_quorate.acme.example") && page.body.contains("quorate-join="), "{}", page.body);
    let look = [("act", "look"), ("domain", "acme.example")];
    let missing = olga.post(&path, &look).await;
    assert!(missing.status == 409 && missing.body.contains("was not found"), "{}", missing.body);
    records.publish(house.account.parse().unwrap(), "acme.example");
    assert_eq!(to(&olga.post(&path, &look).await), format!("{path}?done=domain-proven"));
    assert!(olga.get(&path).await.body.contains("people can join"));

    // Somebody with such an address, whom another account has let in, finds it at home.
    let other = json!({"name": "Other", "first_user": {"name": "Rita Rossi", "email": address("Rita Rossi")}});
    assert_eq!(house.call("POST", "/v1/accounts", &house.operator, Some(other)).await.status, 201);
    let (link, token) = house.link("Rita Rossi", "invitation").await;
    house.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
    let rita = Browser::of(&house, "Rita Rossi").await;
    let account = format!("/accounts/{}", house.account);
    assert_eq!(rita.get(&account).await.status, 404);
    let home = rita.get("/").await;
    assert!(home.body.contains(&format!("action=\"{account}/join\"")), "{}", home.body);
    let joined = rita.post(&format!("{account}/join"), &[]).await;
    assert_eq!(to(&joined), format!("{account}?done=joined"));
    let page = rita.follow(&joined).await;
    assert!(page.body.contains("Rita Rossi joined the account by acme.example."), "{}", page.body);
    assert!(!rita.get("/").await.body.contains("/join\""));
    let removed = olga.post(&path, &[("act", "remove-domain"), ("domain", "acme.example")]).await;
    assert_eq!(to(&removed), format!("{path}?done=settings-saved"));
    assert_eq!(house.mails("Olga Orlova", "domain_changed").await, 3);
}

async fn the_api_has_the_settings(test: TestDb) {
    let house = House::furnished(test).await;
    let account = format!("/v1/accounts/{}", house.account);
    let olga = house.sign_in("Olga Orlova").await;
    house.prove("Olga Orlova", &olga).await;
    let branding = json!({"name": "Acme", "colour": "#1d4ed8"});
    let set = house.call("PUT", &format!("{account}/settings/branding"), &olga, Some(branding)).await;
    assert_eq!((set.status, set.json()["branding"]["colour"].as_str()), (200, Some("#1d4ed8")), "{}", set.body);
    let request = Request::put(format!("{account}/settings/logo")).header("authorization", format!("Bearer {olga}"));
    let set = house.send(request.body(Body::from(small_png())).unwrap()).await;
    assert_eq!(set.json()["branding"]["logo"]["width"], 16, "{}", set.body);
    let domain = format!("{account}/join-domains/acme.example");
    let put = house.call("PUT", &domain, &olga, Some(json!({"role": "user"}))).await;
    assert_eq!(put.json()["join_domains"][0]["record_name"], "_quorate.acme.example", "{}", put.body);
    let silent = house.call("POST", &format!("{domain}/verify"), &olga, None).await;
    assert_eq!((silent.status, silent.json()["code"].as_str()), (409, Some("dns_silent")), "no DNS is set here");
    assert_eq!(house.call("DELETE", &domain, &olga, None).await.status, 204);
    assert_eq!(house.call("DELETE", &domain, &olga, None).await.status, 404);
    let rule = Some(json!({"rule": "mandatory"}));
    let refused = house.call("PUT", &format!("{account}/settings/child-reference"), &olga, rule).await;
    assert_eq!(refused.status, 422, "nothing stands below this account");
    let ben = house.sign_in("Ben Bauer").await;
    let shown = house.call("GET", &format!("{account}/settings"), &ben, None).await;
    assert_eq!(shown.json()["branding"]["name"], "Acme");
    assert!(shown.json()["child_reference"].is_null());
    assert_eq!(house.call("POST", &format!("{account}/join"), &ben, None).await.status, 200, "already there");
}
