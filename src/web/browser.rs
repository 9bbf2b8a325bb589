//! What the browser of somebody who signs in says that it is known by.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use std::convert::Infallible;

use super::cookie::Jar;
use crate::{
    app::app::App,
    secret::{TokenHash, TokenKind},
};

/// What it is known by, from its cookie. It opens nothing, so nothing is refused for want of it.
pub struct Browser(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Browser
where
    App: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let jar = Jar::of(&App::from_ref(state).public_url);
        Ok(Self(jar.browser(&parts.headers).map(str::to_owned)))
    }
}

impl Browser {
    /// By which we know it.
    pub fn hash(&self) -> Option<TokenHash> {
        hash(self.0.as_deref())
    }
}

/// By which we know what a browser or a program sends. What is none of ours is as good as nothing.
pub fn hash(presented: Option<&str>) -> Option<TokenHash> {
    presented.filter(|text| TokenKind::of(text) == Some(TokenKind::Browser)).map(TokenHash::of)
}
