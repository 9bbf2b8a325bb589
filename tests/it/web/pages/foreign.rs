//! What another site has a browser send: no route that changes anything takes it, be it of the API or of a page. The routes
//! are read from where they are declared, so that a new one cannot be forgotten here.

use std::collections::BTreeSet;

use axum::http::{Request, header};
use quorate::web::router::description;
use serde_json::Value;

use super::browser::Browser;
use crate::{
    app::dump::dump,
    harness::{TestDb, on_both},
    web::site::{House, Reply, URL},
};

on_both!(no_call_takes_the_cookie_from_another_site, no_form_is_taken_from_another_site);

const ROUTES: &str = include_str!("../../../../src/web/router.rs");

/// How a browser tells that another site sent it.
const FOREIGN: [&[(&str, &str)]; 5] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site"), ("origin", URL)],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
];

/// What is asked without being signed in. It never looks at the cookie.
fn is_open(path: &str) -> bool {
    path == "/v1/sign-in"
        || path.starts_with("/v1/sign-in/")
        || path == "/v1/links/redeem"
        || path == "/v1/accounts/{account}/recovery-users/{user}/confirm"
        || path == "/v1/paper-keys/drill"
        || path == "/v1/paper-keys/drill/confirm"
        || path == "/v1/links/enrol"
        || path == "/v1/links/enrol/options"
        || path == "/v1/recoveries"
        || path.starts_with("/v1/recoveries/")
}

/// A path of this house, with its account in every place.
fn filled(path: &str, house: &House) -> String {
    let place = |part: &str| if part.starts_with('{') { house.account.clone() } else { part.to_owned() };
    path.split('/').map(place).collect::<Vec<_>>().join("/")
}

/// Every call of the API that may change something: its method and its path.
fn calls() -> BTreeSet<(String, String)> {
    let described = serde_json::to_value(description()).unwrap();
    let paths = described["paths"].as_object().unwrap();
    let methods = |(path, item): (&String, &Value)| {
        let methods = ["post", "put", "patch", "delete"].into_iter().filter(|method| item.get(method).is_some());
        methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(methods).collect()
}

/// Every path to which a page sends a form.
fn forms() -> Vec<String> {
    let routes = ROUTES.split(".route(").skip(1).filter(|route| route.contains("post("));
    routes.map(|route| route.split('"').nth(1).unwrap().to_owned()).collect()
}

async fn send(browser: &Browser<'_>, method: &str, path: &str, told: &[(&str, &str)]) -> Reply {
    let kind = if path.starts_with("/v1/") { "application/json" } else { "application/x-www-form-urlencoded" };
    let mut request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, kind);
    for (name, value) in told {
        request = request.header(*name, *value);
    }
    browser.send(request).await
}

async fn is_refused(browser: &Browser<'_>, method: &str, path: &str, told: &[(&str, &str)]) {
    let refused = send(browser, method, path, told).await;
    let so = refused.status == 403 && refused.body.contains("another site");
    assert!(so, "{method} {path} {told:?}: {} {}", refused.status, refused.body);
}

async fn no_call_takes_the_cookie_from_another_site(test: TestDb) {
    let house = House::furnished(test).await;
    let (olga, nobody) = (Browser::of(&house, "Olga Orlova").await, Browser::new(&house));
    let calls = calls();
    assert!(calls.len() > 40, "{calls:?}");
    let before = dump(&house.test).await;
    for (method, path) in &calls {
        let (filled, open) = (filled(path, &house), is_open(path));
        // A browser that tells nothing is one of yesterday: a cookie is not enough then either.
        for told in FOREIGN.into_iter().chain([[].as_slice()]) {
            if open {
                let signed_in = send(&olga, method, &filled, told).await;
                assert_eq!(signed_in.status, send(&nobody, method, &filled, told).await.status, "{method} {path}");
            } else {
                is_refused(&olga, method, &filled, told).await;
            }
        }
    }
    assert_eq!(dump(&house.test).await, before);
}

async fn no_form_is_taken_from_another_site(test: TestDb) {
    let house = House::furnished(test).await;
    let (olga, nobody) = (Browser::of(&house, "Olga Orlova").await, Browser::new(&house));
    let forms = forms();
    assert_eq!(forms.len(), ROUTES.matches("post(").count(), "{forms:?}");
    for method in [".put(", ".patch(", ".delete(", "any("] {
        assert!(!ROUTES.contains(method), "a page takes `{method}`, which no form can send: name it here");
    }
    let before = dump(&house.test).await;
    for path in &forms {
        let path = filled(path, &house);
        for told in FOREIGN {
            is_refused(&olga, "POST", &path, told).await;
            // Nor does another site sign somebody in as somebody else.
            is_refused(&nobody, "POST", &path, told).await;
        }
        is_refused(&olga, "POST", &path, &[]).await;
    }
    assert_eq!(dump(&house.test).await, before);
}
