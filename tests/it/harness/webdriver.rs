//! WebDriver, as much of it as the tests say: what a person does with a browser, and what a developer reads in it.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};

/// A window of a browser.
pub struct Session {
    http: Client,
    address: String,
}

/// An element, as the driver names it.
pub struct Element(String);

const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// Ends every wait for the browser.
const PATIENCE: Duration = Duration::from_secs(20);
pub const TAB: &str = "\u{E004}";
pub const ENTER: &str = "\u{E007}";
pub const SPACE: &str = " ";

impl Session {
    /// A new one of the driver at that address.
    pub async fn start(driver: &str, capabilities: Value) -> Self {
        let http = super::http().build().unwrap();
        let new = json!({"capabilities": {"alwaysMatch": capabilities}});
        let response = http.post(format!("{driver}/session")).body(new.to_string()).send().await.unwrap();
        let begun: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        let id = begun["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("no browser: {begun}"));
        Self { http, address: format!("{driver}/session/{id}") }
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> Result<Value, String> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.address));
        if method == Method::POST {
            request = request.body(body.to_string());
        }
        let text = request.send().await.unwrap().text().await.unwrap();
        let mut answer: Value = serde_json::from_str(&text).unwrap();
        match answer["value"]["error"].as_str() {
            Some(error) => Err(format!("{path}: {error}: {}", answer["value"]["message"])),
            None => Ok(answer["value"].take()),
        }
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        match self.ask(Method::POST, path, body).await {
            Ok(value) => value,
            Err(error) => panic!("{error}\n{}", self.source().await),
        }
    }

    async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, Value::Null).await.unwrap()
    }

    // What a person does.

    pub async fn goto(&self, address: &str) {
        self.post("/url", json!({"url": address})).await;
    }

    pub async fn back(&self) {
        self.post("/back", json!({})).await;
    }

    pub async fn click(&self, css: &str) {
        let Element(id) = self.find(css).await;
        self.post(&format!("/element/{id}/click"), json!({})).await;
    }

    /// Clicks something that leads to another page, and waits until the old one is gone.
    pub async fn follow(&self, css: &str) {
        self.leave(self.click(css)).await;
    }

    /// Presses a key that leads to another page, and waits until the old one is gone.
    pub async fn send(&self, key: &str) {
        self.leave(self.press(key)).await;
    }

    async fn leave(&self, act: impl Future<Output = ()>) {
        let Element(page) = self.find("html").await;
        act.await;
        let mut pause = tokio::time::interval(Duration::from_millis(10));
        let wait = async {
            while self.ask(Method::GET, &format!("/element/{page}/name"), Value::Null).await.is_ok() {
                pause.tick().await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, wait).await;
        assert!(waited.is_ok(), "it led nowhere: {}", self.source().await);
    }

    pub async fn fill(&self, css: &str, text: &str) {
        let Element(id) = self.find(css).await;
        self.post(&format!("/element/{id}/value"), json!({"text": text})).await;
    }

    /// Presses keys where the focus is.
    pub async fn press(&self, keys: &str) {
        let active = self.get("/element/active").await;
        self.post(&format!("/element/{}/value", active[ELEMENT].as_str().unwrap()), json!({"text": keys})).await;
    }

    /// Opens an address in a tab of its own and reads the text of its main part; the first tab stays as it is.
    pub async fn peek(&self, address: &str, css: &str) -> String {
        let first = self.get("/window").await;
        let new = self.post("/window/new", json!({"type": "tab"})).await;
        self.post("/window", json!({"handle": new["handle"]})).await;
        self.goto(address).await;
        let text = self.text(css).await;
        self.ask(Method::DELETE, "/window", Value::Null).await.unwrap();
        self.post("/window", json!({"handle": first})).await;
        text
    }

    // What they see.

    pub async fn find(&self, css: &str) -> Element {
        let found = self.post("/element", json!({"using": "css selector", "value": css})).await;
        Element(found[ELEMENT].as_str().unwrap().to_owned())
    }

    pub async fn text(&self, css: &str) -> String {
        let Element(id) = self.find(css).await;
        self.get(&format!("/element/{id}/text")).await.as_str().unwrap().to_owned()
    }

    /// What is read out for the element with the focus.
    pub async fn focus(&self) -> String {
        let active = self.get("/element/active").await;
        let id = active[ELEMENT].as_str().unwrap();
        self.get(&format!("/element/{id}/computedlabel")).await.as_str().unwrap().to_owned()
    }

    /// The address, without its beginning.
    pub async fn path(&self) -> String {
        let address = self.get("/url").await;
        // `about:blank` has none.
        let rest = address.as_str().unwrap().split_once("://").map_or("", |(_, rest)| rest);
        rest.split_once('/').map_or_else(String::new, |(_, path)| format!("/{path}"))
    }

    /// Waits until the address ends so: a script of the page goes there by itself.
    pub async fn until_at(&self, end: &str) {
        let mut pause = tokio::time::interval(Duration::from_millis(20));
        let wait = async {
            while !self.path().await.ends_with(end) {
                pause.tick().await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, wait).await;
        assert!(waited.is_ok(), "{} is not {end}: {}", self.path().await, self.source().await);
    }

    /// Waits until there is such an element: pages of somebody else's lead there by themselves.
    pub async fn until_there(&self, css: &str) {
        let mut pause = tokio::time::interval(Duration::from_millis(20));
        let looked = json!({"using": "css selector", "value": css});
        let wait = async {
            while self.ask(Method::POST, "/element", looked.clone()).await.is_err() {
                pause.tick().await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, wait).await;
        assert!(waited.is_ok(), "no {css} in {}", self.source().await);
    }

    pub async fn source(&self) -> String {
        self.get("/source").await.as_str().unwrap_or_default().to_owned()
    }

    // What a developer reads.

    pub async fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({"script": script, "args": []})).await
    }

    /// A script that calls its last argument with what it found.
    pub async fn wait_for(&self, script: &str) -> Value {
        self.post("/execute/async", json!({"script": script, "args": []})).await
    }

    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("/goog/cdp/execute", json!({"cmd": command, "params": parameters})).await
    }

    /// What came into that log since it was read last.
    pub async fn log(&self, kind: &str) -> Vec<Value> {
        self.post("/se/log", json!({"type": kind})).await.as_array().unwrap().clone()
    }
}
