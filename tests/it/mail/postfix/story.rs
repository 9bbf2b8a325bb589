//! The demo's story through a real mail server: the built program serves, and whatever people follow or type comes out of
//! the messages in their mailboxes.

use std::{collections::BTreeSet, time::Duration};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    cli::place::Place,
    harness::{
        TestDb,
        maildir::Delivered,
        on_both,
        postfix::{PATIENCE, Postfix},
    },
};

on_both!(the_story_passes_through_a_mail_server);

struct Stage {
    server: Postfix,
    http: Client,
    site: String,
}

async fn the_story_passes_through_a_mail_server(test: TestDb) {
    let Some(server) = Postfix::start() else { return };
    let bare = test.bare_sibling().await;
    let place = Place::with_database(&bare.url);
    let operator = place.json(&["init"])["operator_token"]["token"].as_str().unwrap().to_owned();
    let log = "[log]\nfilter = 'warn,quorate::cli=info'\n";
    let config = place.write("quorate.toml", &format!("{}{log}", server.table(server.ports.starttls)));
    let serving = place.serve(&["--config", config.to_str().unwrap()]);
    let stage =
        Stage { server, http: crate::harness::http().build().unwrap(), site: format!("http://{}", serving.address) };

    let account = stage.set_up(&operator).await;
    let first = stage.sign_in("administrator-1").await;
    let case = stage.open(&account, &first).await;
    for (name, approvals) in [("administrator-1", 1), ("administrator-2", 2), ("administrator-3", 3)] {
        assert_eq!(stage.approve(name).await["case"]["approvals"], approvals);
    }
    let warning = stage.mail("owner", "unless an owner objects").await;
    let shown = stage.redeem(json!({"token": warning.link_token().unwrap()})).await;
    assert_eq!(shown["case"]["state"], "waiting", "the link in the warning stops the clock of this case: {shown}");
    stage.until_completed(&case, &first).await;
    let owners = stage.get(&format!("/v1/accounts/{account}/owners"), &first).await;
    assert_eq!(owners["items"][0]["email"], "administrator-2@example.org", "{owners}");
    stage.mail("administrator-2", "you are an owner now").await;
    stage.mail("owner", "you are no longer its owner").await;

    stage.every_mail_arrived_once(&account, &operator).await;
    serving.signal("TERM");
    assert_eq!(serving.ended(), Some(0));
    assert_eq!(place.run(&["audit", "verify"]).code, Some(0));
}

impl Stage {
    async fn set_up(&self, operator: &str) -> String {
        let person = |name: &str| json!({"name": name, "email": address(&name.to_lowercase().replace(' ', "-"))});
        let administrators: Vec<_> = (1..=5).map(|number| person(&format!("Administrator {number}"))).collect();
        let new = json!({
            "name": "Exämple",
            "preset": "single-owner",
            "first_user": person("Owner"),
            "administrators": administrators,
            "policy": {"waiting_period": "2s", "min_notice": "1s"},
        });
        let account = self.call(Method::POST, "/v1/accounts", Some(operator), new).await;
        for name in ["owner"].into_iter().map(str::to_owned).chain((1..=5).map(|n| format!("administrator-{n}"))) {
            let invitation = self.mail(&name, "Exämple: ").await;
            self.redeem(json!({"token": invitation.link_token().unwrap(), "confirm": true})).await;
        }
        account["id"].as_str().unwrap().to_owned()
    }

    async fn sign_in(&self, name: &str) -> String {
        let asked = self.call(Method::POST, "/v1/sign-in", None, json!({"email": address(name)})).await;
        let code = self.mail(name, "Your code to sign in").await.code().unwrap();
        let answer = json!({"email": address(name), "code": code, "request": asked["request"]});
        let signed_in = self.call(Method::POST, "/v1/sign-in/confirm", None, answer).await;
        signed_in["token"].as_str().unwrap().to_owned()
    }

    async fn open(&self, account: &str, first: &str) -> String {
        let members = self.get(&format!("/v1/accounts/{account}/members"), first).await;
        let listed = members["items"].as_array().unwrap();
        let nominee = listed.iter().find(|member| member["email"] == "administrator-2@example.org").unwrap();
        let new = json!({"kind": "replace", "nominee": nominee["user"], "statement": "Nobody has reached the öwner."});
        let case = self.call(Method::POST, &format!("/v1/accounts/{account}/cases"), Some(first), new).await;
        self.mail("owner", "a recovery case was opened").await;
        case["id"].as_str().unwrap().to_owned()
    }

    async fn approve(&self, name: &str) -> Value {
        let request = self.mail(name, "please vote on a new owner").await;
        assert!(request.text.contains("owner@example.org") && request.text.contains("> Nobody has reached the öwner."));
        let token = request.link_token().unwrap();
        let shown = self.redeem(json!({"token": token})).await;
        let ballot = json!({"token": token, "choice": "approve", "terms_hash": shown["case"]["terms_hash"]});
        self.redeem(ballot).await
    }

    async fn until_completed(&self, case: &str, token: &str) {
        let mut pause = tokio::time::interval(Duration::from_millis(100));
        let wait = async {
            while self.get(&format!("/v1/cases/{case}"), token).await["state"] != "completed" {
                pause.tick().await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap();
    }

    /// The mailboxes hold what the service says it has sent, each mail once and under its own name.
    async fn every_mail_arrived_once(&self, account: &str, operator: &str) {
        let mut pause = tokio::time::interval(Duration::from_millis(100));
        let wait = async {
            loop {
                pause.tick().await;
                let sent = self.get(&format!("/v1/accounts/{account}/mail?limit=200"), operator).await;
                assert!(sent["next"].is_null(), "{sent}");
                let sent = sent["items"].as_array().unwrap().clone();
                if sent.iter().all(|mail| mail["status"] == "accepted") {
                    return sent;
                }
            }
        };
        let sent = tokio::time::timeout(PATIENCE, wait).await.unwrap();
        let names: BTreeSet<String> =
            sent.iter().map(|mail| format!("{}@127.0.0.1", mail["id"].as_str().unwrap())).collect();
        assert!(sent.iter().all(|mail| mail["last_answer"].as_str().unwrap().starts_with("250 2.0.0 Ok: queued")));
        let is_of_account = |mail: &Delivered| names.contains(&mail.message_id);
        let arrived = || self.server.delivered().into_iter().filter(is_of_account).map(|mail| mail.message_id);
        self.server.newest(|_| arrived().count() >= names.len()).await;
        assert_eq!(arrived().count(), names.len(), "one of them came twice");
        assert_eq!(arrived().collect::<BTreeSet<_>>(), names);
        assert!(names.len() > 20, "{names:?}");
    }

    /// The newest mail in somebody's mailbox with those words in its subject.
    async fn mail(&self, name: &str, words: &str) -> Delivered {
        let to = address(name);
        self.server.newest(|mail| mail.to == to && mail.subject.contains(words)).await
    }

    async fn redeem(&self, body: Value) -> Value {
        self.call(Method::POST, "/v1/links/redeem", None, body).await
    }

    async fn get(&self, path: &str, token: &str) -> Value {
        self.call(Method::GET, path, Some(token), Value::Null).await
    }

    async fn call(&self, method: Method, path: &str, token: Option<&str>, body: Value) -> Value {
        let mut request = self.http.request(method, format!("{}{path}", self.site));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success() && status != StatusCode::NO_CONTENT, "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }
}

fn address(name: &str) -> String {
    format!("{name}@example.org")
}
