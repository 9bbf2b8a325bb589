//! Before somebody shows in a browser who they are, their session gets another token: whoever has seen the cookie before
//! gets nothing of what is shown now.
//!
//! Programs present their token on purpose and keep it to themselves, so theirs stays.

use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{cookie::Jar, problem::Problem};
use crate::{
    app::{app::App, rotate_token::RotateToken},
    secret::TokenHash,
};

/// Gives the cookie's session another token, with which the request goes on, whatever comes of it.
pub async fn rotate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let jar = Jar::of(&app.public_url);
    let presented = jar.token(request.headers()).map(TokenHash::of);
    let by_cookie = !request.headers().contains_key(header::AUTHORIZATION);
    let Some(presented) = presented.filter(|_| by_cookie) else { return next.run(request).await };
    let token = match app.db.run(RotateToken { app: app.clone(), presented }).await {
        Ok(Some(token)) => token,
        Ok(None) => return next.run(request).await,
        Err(error) => return Problem::from(error).into_response(),
    };
    let (Ok(presents), Ok(keeps)) = (jar.present(&token), jar.keep(&token)) else {
        return Problem::internal("a token cannot be written into a header").into_response();
    };
    request.headers_mut().insert(header::COOKIE, presents);
    let mut response = next.run(request).await;
    response.headers_mut().append(header::SET_COOKIE, keeps);
    response
}
