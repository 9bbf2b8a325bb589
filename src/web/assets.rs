//! The stylesheet and the scripts of the pages. Their addresses change with their content, so they are kept.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

const STYLE: &str = concat!(
    include_str!("assets/style/tokens.css"),
    include_str!("assets/style/base.css"),
    include_str!("assets/style/parts.css"),
    include_str!("assets/style/pages.css"),
    include_str!("assets/style/case.css"),
    include_str!("assets/style/readiness.css"),
    include_str!("assets/style/sheet.css"),
);
const SCRIPT: &str = include_str!("assets/quorate.js");
const LIVE_SCRIPT: &str = include_str!("assets/live.js");
const PASSKEY_SCRIPT: &str = include_str!("assets/passkey.js");
const STYLE_HASH: u64 = hash(STYLE.as_bytes());
const SCRIPT_HASH: u64 = hash(SCRIPT.as_bytes());
const LIVE_SCRIPT_HASH: u64 = hash(LIVE_SCRIPT.as_bytes());
const PASSKEY_SCRIPT_HASH: u64 = hash(PASSKEY_SCRIPT.as_bytes());

/// Where pages find the stylesheet.
#[must_use]
pub fn style_url() -> String {
    format!("/assets/quorate.css?v={STYLE_HASH:016x}")
}

/// Where pages find the script.
#[must_use]
pub fn script_url() -> String {
    format!("/assets/quorate.js?v={SCRIPT_HASH:016x}")
}

/// Where the page of a case finds the script that keeps it true.
#[must_use]
pub fn live_script_url() -> String {
    format!("/assets/live.js?v={LIVE_SCRIPT_HASH:016x}")
}

/// Where pages find the script that speaks with passkeys.
#[must_use]
pub fn passkey_script_url() -> String {
    format!("/assets/passkey.js?v={PASSKEY_SCRIPT_HASH:016x}")
}

/// The stylesheet.
pub async fn style() -> Response {
    kept("text/css; charset=utf-8", STYLE)
}

/// The script.
pub async fn script() -> Response {
    kept("text/javascript; charset=utf-8", SCRIPT)
}

/// The script that keeps the page of a case true.
pub async fn live_script() -> Response {
    kept("text/javascript; charset=utf-8", LIVE_SCRIPT)
}

/// The script that speaks with passkeys.
pub async fn passkey_script() -> Response {
    kept("text/javascript; charset=utf-8", PASSKEY_SCRIPT)
}

fn kept(kind: &'static str, body: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, body).into_response()
}

/// FNV-1a, which needs no more than a compiler. It tells versions apart and protects nothing.
const fn hash(mut bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    while let [byte, rest @ ..] = bytes {
        hash = (hash ^ *byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
        bytes = rest;
    }
    hash
}
