//! Somebody at a browser, signed in by cookie, and the cases that they look at.

use axum::{
    body::Body,
    http::{Request, header},
};
use jiff::SignedDuration;
use quorate::{
    id::CaseId,
    jobs::{deadlines, deliver},
};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::{
    harness::TestDb,
    web::site::{House, Reply},
};

/// A case that would replace Olga by Cleo, opened by Ben. Two of the three administrators must approve.
pub struct Story {
    pub house: House,
    pub case: String,
}

/// Somebody's browser.
pub struct Browser {
    pub token: String,
}

impl Story {
    pub async fn opened(test: TestDb) -> Self {
        let house = House::furnished(test).await;
        let case = house.open_case().await;
        Self { house, case }
    }

    pub async fn browser(&self, name: &str) -> Browser {
        Browser { token: self.house.sign_in(name).await }
    }

    /// The page of the case, as somebody sees it.
    pub async fn page(&self, name: &str) -> Reply {
        let reader = self.browser(name).await;
        self.open(&reader, "").await
    }

    /// A page below that of the case.
    pub async fn open(&self, reader: &Browser, below: &str) -> Reply {
        self.get(reader, &format!("/cases/{}{below}", self.case)).await
    }

    pub async fn get(&self, reader: &Browser, path: &str) -> Reply {
        let request = Request::get(path)
            .header(header::ACCEPT, "text/html,*/*;q=0.8")
            .header(header::COOKIE, format!("quorate={}", reader.token))
            .body(Body::empty());
        self.house.send(request.unwrap()).await
    }

    /// Sends a form of a page below that of the case.
    pub async fn send(&self, reader: &Browser, below: &str, fields: &[(&str, &str)]) -> Reply {
        self.send_from("same-origin", reader, &format!("/cases/{}{below}", self.case), fields).await
    }

    pub async fn send_from(&self, site: &str, reader: &Browser, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::post(path)
            .header(header::ACCEPT, "text/html,*/*;q=0.8")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, format!("quorate={}", reader.token))
            .header("sec-fetch-site", site)
            .body(Body::from(body.join("&")));
        self.house.send(request.unwrap()).await
    }

    /// Presses the button of a page that asks first, and follows to where it leads.
    pub async fn press(&self, reader: &Browser, below: &str) -> Reply {
        let asked = self.open(reader, below).await;
        assert_eq!(asked.status, 200, "{}", asked.body);
        assert_eq!(
            asked.body.matches("<button").count() - 1,
            1,
            "one button, and the one that signs out: {}",
            asked.body
        );
        let sent = self.send(reader, below, &[]).await;
        self.follow(reader, &sent).await
    }

    /// Where a redirect leads.
    pub async fn follow(&self, reader: &Browser, reply: &Reply) -> Reply {
        assert_eq!(reply.status, 303, "{}", reply.body);
        self.get(reader, &place(reply)).await
    }

    /// Votes by the pages: reads, chooses, sends.
    pub async fn vote(&self, name: &str, choice: &str) -> Reply {
        let voter = self.proven(name).await;
        let asked = self.open(&voter, "/vote").await;
        assert_eq!(asked.status, 200, "{}", asked.body);
        let terms = asked.hidden("terms_hash");
        let sent = self.send(&voter, "/vote", &[("terms_hash", &terms), ("choice", choice)]).await;
        self.follow(&voter, &sent).await
    }

    /// The case as the API shows it.
    pub async fn shown(&self) -> Value {
        self.house.call("GET", &format!("/v1/cases/{}", self.case), &self.house.operator, None).await.json()
    }

    pub async fn state(&self) -> String {
        self.shown().await["state"].as_str().unwrap().to_owned()
    }

    pub fn id(&self) -> CaseId {
        self.case.parse().unwrap()
    }

    /// Somebody who has signed in and shown that it is them.
    pub async fn proven(&self, name: &str) -> Browser {
        let browser = self.browser(name).await;
        self.prove(name, &browser).await;
        browser
    }

    /// Gives the session a fresh proof, through the pages' API.
    pub async fn prove(&self, name: &str, reader: &Browser) {
        self.house.prove(name, &reader.token).await;
    }

    /// Time passes, and the jobs do what is due, mails first.
    pub async fn pass(&self, length: SignedDuration) {
        self.work().await;
        self.house.site.app.clock.advance(length);
        self.work().await;
    }

    pub async fn work(&self) {
        let stop = CancellationToken::new();
        while Box::pin(deliver::deliver(&self.house.site.app, &self.house.site.post, &stop)).await.unwrap()
            != deliver::Delivered::default()
        {}
        Box::pin(deadlines::sweep(&self.house.site.app, &stop)).await.unwrap();
    }
}

/// The address that a redirect leads to.
pub fn place(reply: &Reply) -> String {
    reply.headers[header::LOCATION].to_str().unwrap().to_owned()
}

/// A page as a person reads it: without the marks, and with single spaces.
pub fn read(reply: &Reply) -> String {
    let (_, main) = reply.body.split_once("<main").unwrap_or_else(|| panic!("no page: {}", reply.body));
    let main = main.split_once("</main>").unwrap().0;
    let mut words = String::new();
    for piece in main.split('<').skip(1) {
        words.push(' ');
        words.push_str(piece.split_once('>').map_or("", |(_, text)| text));
    }
    let plain = words.replace("&#60;", "<").replace("&#62;", ">").replace("&#39;", "'").replace("&#38;", "&");
    plain.split_whitespace().collect::<Vec<_>>().join(" ").replace(" .", ".").replace(" ,", ",")
}
