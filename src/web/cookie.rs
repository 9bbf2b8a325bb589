//! The cookie that keeps a browser signed in. It holds a session's token and nothing else.
//!
//! Over https it is called `__Host-quorate`: browsers take such a cookie only with `Secure`, from this very host and for
//! all of it, so no neighbouring subdomain can plant one of its own. That prefix and `Secure` do not work over plain http,
//! which is how a first try on loopback runs; there the cookie has a plain name and goes without `Secure`. The configured
//! `public_url` decides, not the request: a proxy may speak http to us while the browser speaks https to it.
//!
//! Beside it, for as long as somebody is at their account's identity provider, stands what that sign-in is known by again. It
//! signs nobody in. A third one is what the browser is known by again; it opens nothing either.
//!
//! The session's has no `Max-Age`: it goes with the browser, or when the session ends, whichever is first.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::secret::{Token, TokenKind};

const SECURE: &str = "__Host-quorate";
const PLAIN: &str = "quorate";
const SECURE_SIGN_ON: &str = "__Host-quorate-sign-on";
const PLAIN_SIGN_ON: &str = "quorate-sign-on";
const SECURE_BROWSER: &str = "__Host-quorate-browser";
const PLAIN_BROWSER: &str = "quorate-browser";

/// How cookies are written for a service at that address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jar {
    /// For https.
    Secure,
    /// For plain http.
    Plain,
}

impl Jar {
    /// The jar of a service that people reach at `public_url`.
    #[must_use]
    pub fn of(public_url: &str) -> Self {
        if public_url.starts_with("https://") { Self::Secure } else { Self::Plain }
    }

    /// The session's token that a request brings in its cookie. Two cookies of the name are none: one of them was planted.
    #[must_use]
    pub fn token(self, headers: &HeaderMap) -> Option<&str> {
        only(self.name(), headers).filter(|value| TokenKind::of(value) == Some(TokenKind::Session))
    }

    /// What a request brings of a sign-in at a provider. Two cookies of the name are none.
    #[must_use]
    pub fn sign_on(self, headers: &HeaderMap) -> Option<&str> {
        only(self.sign_on_name(), headers)
    }

    /// The header that has a browser keep a sign-in at a provider, for so many seconds.
    ///
    /// # Errors
    /// When the text has a character that a header cannot carry.
    pub fn keep_sign_on(self, text: &str, seconds: i64) -> Result<HeaderValue, header::InvalidHeaderValue> {
        self.keep_for(self.sign_on_name(), text, seconds)
    }

    /// The header that has a browser forget it.
    #[must_use]
    pub const fn forget_sign_on(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Secure => "__Host-quorate-sign-on=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
            Self::Plain => "quorate-sign-on=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
        })
    }

    /// What a browser says that it is known by. Two cookies of the name are none.
    #[must_use]
    pub fn browser(self, headers: &HeaderMap) -> Option<&str> {
        only(self.browser_name(), headers).filter(|value| TokenKind::of(value) == Some(TokenKind::Browser))
    }

    /// The header that has a browser keep what it is known by, for so many seconds.
    ///
    /// # Errors
    /// When the text has a character that a header cannot carry.
    pub fn keep_browser(self, text: &str, seconds: i64) -> Result<HeaderValue, header::InvalidHeaderValue> {
        self.keep_for(self.browser_name(), text, seconds)
    }

    /// The header that has a browser keep a new session.
    ///
    /// # Errors
    /// Never: a token has no character that a header cannot carry.
    pub fn keep(self, token: &Token) -> Result<HeaderValue, header::InvalidHeaderValue> {
        let mut value = HeaderValue::try_from(format!("{}={}; {}", self.name(), token.reveal(), self.attributes()))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The header in which a browser presents a session.
    ///
    /// # Errors
    /// As [`Jar::keep`].
    pub fn present(self, token: &Token) -> Result<HeaderValue, header::InvalidHeaderValue> {
        let mut value = HeaderValue::try_from(format!("{}={}", self.name(), token.reveal()))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The header that has a browser forget its session.
    #[must_use]
    pub const fn forget(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Secure => "__Host-quorate=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
            Self::Plain => "quorate=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
        })
    }

    fn keep_for(self, name: &str, text: &str, seconds: i64) -> Result<HeaderValue, header::InvalidHeaderValue> {
        let attributes = self.attributes();
        let mut value = HeaderValue::try_from(format!("{name}={text}; Max-Age={seconds}; {attributes}"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    const fn sign_on_name(self) -> &'static str {
        match self {
            Self::Secure => SECURE_SIGN_ON,
            Self::Plain => PLAIN_SIGN_ON,
        }
    }

    const fn browser_name(self) -> &'static str {
        match self {
            Self::Secure => SECURE_BROWSER,
            Self::Plain => PLAIN_BROWSER,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Secure => SECURE,
            Self::Plain => PLAIN,
        }
    }

    /// `Lax`, not `Strict`: whoever follows a link in a mail arrives signed in. What changes something is guarded apart.
    const fn attributes(self) -> &'static str {
        match self {
            Self::Secure => "Path=/; HttpOnly; SameSite=Lax; Secure",
            Self::Plain => "Path=/; HttpOnly; SameSite=Lax",
        }
    }
}

/// The value of the one cookie of that name. Of two, one was planted.
fn only<'h>(name: &str, headers: &'h HeaderMap) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(named, _)| *named == name).map(|(_, value)| value);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Chance;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, HeaderValue::from_str(line).unwrap())).collect()
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let (token, _) = Chance::seeded(1).token(TokenKind::Session);
        for (url, name) in [("https://quorate.example", SECURE), ("http://127.0.0.1:8080", PLAIN)] {
            let jar = Jar::of(url);
            let kept = jar.keep(&token).unwrap();
            let (pair, attributes) = kept.to_str().unwrap().split_once("; ").unwrap();
            assert_eq!(pair, format!("{name}={}", token.reveal()));
            assert_eq!(attributes.contains("Secure"), jar == Jar::Secure);
            assert!(attributes.contains("Path=/; HttpOnly; SameSite=Lax") && !attributes.contains("Domain"));
            assert_eq!(jar.token(&headers(&[&format!("theme=dark; {pair}")])), Some(token.reveal()));
            assert!(jar.forget().to_str().unwrap().starts_with(&format!("{name}=; Path=/; Max-Age=0")));
        }
    }

    #[test]
    fn a_doubtful_cookie_is_none() {
        let session = |name: &str| format!("{name}=quorate_session_x");
        let plain = |lines: &[&str]| Jar::Plain.token(&headers(lines)).map(str::to_owned);
        assert_eq!(plain(&[&session(PLAIN)]).as_deref(), Some("quorate_session_x"));
        assert_eq!(plain(&[&session(PLAIN), &session(PLAIN)]), None);
        assert_eq!(plain(&[&format!("{}; {}", session(PLAIN), session(PLAIN))]), None);
        assert_eq!(plain(&["quorate=quorate_token_x"]), None, "only a session is kept in a cookie");
        assert_eq!(plain(&[&session("Quorate"), "quorate"]), None);
        assert_eq!(Jar::Secure.token(&headers(&[&session(PLAIN)])), None);
        let sign_on = |lines: &[&str]| Jar::Secure.sign_on(&headers(lines)).map(str::to_owned);
        assert_eq!(sign_on(&["__Host-quorate-sign-on=a"]).as_deref(), Some("a"));
        assert_eq!(sign_on(&["__Host-quorate-sign-on=a; __Host-quorate-sign-on=a"]), None);
        assert_eq!(sign_on(&["quorate-sign-on=a", "__Host-quorate=a"]), None);
    }
}
