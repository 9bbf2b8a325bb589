//! stub
use super::{app::App, error::Error, principal::Principal};
use crate::id::UserId;
pub async fn authenticate(_app: &App, _bearer: &str, _on_behalf_of: Option<UserId>) -> Result<Principal, Error> {
    Err(Error::NotFound)
}
