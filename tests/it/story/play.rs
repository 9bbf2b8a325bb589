//! The steps of the story: an owner who cannot be contacted, and five administrators who replace them.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::stage::{Question, Stage, Told};

/// How the story ended.
pub struct Ending {
    pub account: String,
    pub case: String,
    pub nominee: String,
}

const PAUSE: Duration = Duration::from_millis(250);
/// Polls until the case must be completed.
const PATIENCE: usize = 400;

fn address(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase().replace(' ', "-"))
}

fn person(name: &str) -> Value {
    json!({"name": name, "email": address(name)})
}

fn administrator(number: usize) -> String {
    format!("Administrator {number}")
}

fn post(path: &str, token: Option<&str>, body: Value) -> Question {
    let token = token.map(str::to_owned);
    Question { method: Method::POST, path: path.to_owned(), token, body: Some(body), key: None }
}

fn get(path: &str, token: &str) -> Question {
    Question { method: Method::GET, path: path.to_owned(), token: Some(token.to_owned()), body: None, key: None }
}

impl Told {
    /// The body of an answer that says yes.
    #[track_caller]
    pub fn good(self) -> Value {
        assert!(self.status.is_success(), "{self:?}");
        self.body
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

impl Stage {
    /// Plays the story to its end. Each step is checked as it happens.
    pub async fn play(&mut self) -> Ending {
        let account = self.create().await;
        self.accept("Owner").await;
        for number in 1..=5 {
            self.accept(&administrator(number)).await;
        }
        let session = self.sign_in(&administrator(1)).await;
        let members = get(&format!("/v1/accounts/{account}/members"), &session);
        let members = self.ask("look for the nominee", members).await.good();
        let nominee = address(&administrator(2));
        let nominee = members["items"].as_array().unwrap().iter().find(|member| member["email"] == *nominee).unwrap();
        let nominee = text(&nominee["user"]);
        let case = self.open(&account, &nominee, &session).await;
        self.vote(1, 1).await;
        self.vote_again(1, 1).await;
        self.vote(2, 2).await;
        self.vote(3, 3).await;
        self.wait(&case, &session).await;
        Ending { account, case, nominee }
    }

    async fn create(&mut self) -> String {
        let administrators: Vec<Value> = (1..=5).map(|number| person(&administrator(number))).collect();
        let policy = json!({"waiting_period": "5s", "min_notice": "1s"});
        let new = json!({"name": "Example", "preset": "single-owner", "first_user": person("Owner"),
            "administrators": administrators, "policy": policy});
        let operator = self.operator.clone();
        let create = Question { key: Some("create".to_owned()), ..post("/v1/accounts", Some(&operator), new) };
        text(&self.ask("create", create).await.good()["id"])
    }

    async fn accept(&mut self, name: &str) {
        let mail = self.mail(&format!("invitation to {name}"), &address(name), "invitation").await;
        let body = json!({"token": link_token(&mail), "confirm": true});
        let told = self.ask(&format!("{name} accepts"), post("/v1/links/redeem", None, body)).await;
        // What was done without an answer is found done.
        assert!(told.status.is_success() || (told.repeated && told.body["code"] == "dead_link"), "{told:?}");
    }

    async fn sign_in(&mut self, name: &str) -> String {
        let email = address(name);
        loop {
            let asked = self.ask("sign in", post("/v1/sign-in", None, json!({"email": email}))).await.good();
            let code = code(&self.mail("code", &email, "sign_in_code").await);
            let confirm = json!({"email": email, "code": code, "request": asked["request"]});
            let told = self.ask("confirm", post("/v1/sign-in/confirm", None, confirm)).await;
            if told.status.is_success() {
                return text(&told.body["token"]);
            }
            // The session is there, and nobody knows its token: one asks for another code.
            assert!(told.repeated && told.body["code"] == "wrong_code", "{told:?}");
        }
    }

    async fn open(&mut self, account: &str, nominee: &str, session: &str) -> String {
        let new = json!({"kind": "replace", "nominee": nominee, "statement": "The owner has left."});
        let open = post(&format!("/v1/accounts/{account}/cases"), Some(session), new);
        let opened = self.ask("open", Question { key: Some("open".to_owned()), ..open }).await.good();
        assert_eq!((opened["required"].as_u64(), opened["electorate"].as_u64()), (Some(3), Some(5)));
        text(&opened["id"])
    }

    async fn vote(&mut self, number: usize, count: u64) {
        let name = administrator(number);
        let mail = self.mail(&format!("ballot request to {name}"), &address(&name), "ballot_request").await;
        self.tokens.insert(number, link_token(&mail));
        self.cast(&format!("{name} votes"), number, count).await;
    }

    /// The same ballot once more changes nothing.
    async fn vote_again(&mut self, number: usize, count: u64) {
        self.cast(&format!("{} votes again", administrator(number)), number, count).await;
    }

    async fn cast(&mut self, step: &str, number: usize, count: u64) {
        let token = self.tokens[&number].clone();
        let look = post("/v1/links/redeem", None, json!({"token": token}));
        let shown = self.ask(&format!("{step}: look"), look).await.good();
        let ballot = json!({"token": token, "choice": "approve", "terms_hash": shown["case"]["terms_hash"]});
        let voted = self.ask(step, post("/v1/links/redeem", None, ballot)).await.good();
        // An earlier ballot that was acknowledged is lost if there are fewer, and one counted twice if there are more.
        assert_eq!(voted["case"]["approvals"].as_u64(), Some(count), "{step}");
    }

    async fn wait(&mut self, case: &str, session: &str) {
        for turn in 1..=PATIENCE {
            let look = get(&format!("/v1/cases/{case}"), session);
            let shown = self.ask(&format!("wait, turn {turn}"), look).await.good();
            assert_eq!(shown["approvals"].as_u64(), Some(3));
            if shown["state"] == "completed" {
                return;
            }
            assert_eq!(shown["state"], "waiting", "{shown}");
            sleep(PAUSE).await;
        }
        panic!("the case did not complete");
    }
}

fn link_token(mail: &str) -> String {
    let link = mail.split_whitespace().find(|word| word.contains("/l/link_")).unwrap();
    link.split_once("/l/").unwrap().1.replacen('#', ".", 1)
}

fn code(mail: &str) -> String {
    let digits = |line: &str| line.chars().filter(char::is_ascii_digit).collect::<String>();
    mail.lines().map(digits).find(|digits| digits.len() == 8).unwrap()
}
