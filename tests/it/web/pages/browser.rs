//! A browser without script: it keeps one cookie, says where its forms come from, and follows redirects when asked to.

use std::cell::RefCell;

use axum::{
    body::Body,
    http::{Request, header},
};

use crate::{
    harness::proof::PASSWORD,
    web::site::{House, Reply, address},
};

pub struct Browser<'h> {
    house: &'h House,
    /// The cookie's name and value.
    pub cookie: RefCell<Option<String>>,
}

impl<'h> Browser<'h> {
    pub fn new(house: &'h House) -> Self {
        Self { house, cookie: RefCell::new(None) }
    }

    /// A browser in which somebody has signed in through the pages.
    pub async fn of(house: &'h House, name: &str) -> Self {
        let browser = Self::new(house);
        let asked = browser.post("/sign-in", &[("email", &address(name))]).await;
        assert_eq!(asked.status, 200, "{}", asked.body);
        let (request, code) = (asked.hidden("request"), house.code(name).await);
        let fields = [("email", address(name)), ("request", request), ("code", code)];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let signed_in = browser.post("/sign-in/code", &fields).await;
        assert_eq!((signed_in.status, to(&signed_in)), (303, "/"), "{}", signed_in.body);
        browser
    }

    /// Opens an address.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path)).await
    }

    /// Sends a form of a page of ours.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send_with(request, body.join("&")).await
    }

    /// Opens the page to which an answer leads.
    pub async fn follow(&self, reply: &Reply) -> Reply {
        assert_eq!(reply.status, 303, "{}", reply.body);
        self.get(to(reply)).await
    }

    /// Proves who somebody is where an answer leads to that, and opens the page to which it leads back.
    pub async fn prove(&self, name: &str, reply: &Reply) -> Reply {
        assert!(reply.status == 303 && to(reply).starts_with("/prove?next="), "{} {}", to(reply), reply.body);
        let next = self.follow(reply).await.hidden("next").replace("&#38;", "&");
        self.house.equip(name).await;
        let proven = self.post("/prove/password", &[("password", PASSWORD), ("next", &next)]).await;
        self.follow(&proven).await
    }

    /// The same by a mailed code, where that is enough.
    pub async fn prove_by_code(&self, name: &str, reply: &Reply) -> Reply {
        assert!(reply.status == 303 && to(reply).starts_with("/prove?by=code&next="), "{} {}", to(reply), reply.body);
        let next = self.follow(reply).await.hidden("next").replace("&#38;", "&");
        self.post("/prove/code", &[("next", &next), ("by", "code")]).await;
        let code = self.house.code(name).await;
        let proven = self.post("/prove", &[("code", &code), ("next", &next), ("by", "code")]).await;
        self.follow(&proven).await
    }

    /// Any request, with the cookie.
    pub async fn send(&self, request: axum::http::request::Builder) -> Reply {
        self.send_with(request, String::new()).await
    }

    pub async fn send_with(&self, mut request: axum::http::request::Builder, body: String) -> Reply {
        let cookie = self.cookie.borrow().clone();
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.header(header::ACCEPT, "text/html,*/*;q=0.8");
        let reply = self.house.send(request.body(Body::from(body)).unwrap()).await;
        if let Some(set) = reply.headers.get(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            *self.cookie.borrow_mut() = (!pair.ends_with('=')).then_some(pair);
        }
        reply
    }
}

/// Where an answer leads.
pub fn to(reply: &Reply) -> &str {
    reply.headers.get(header::LOCATION).map_or("", |place| place.to_str().unwrap())
}

/// As the value of a form or query key.
pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}
