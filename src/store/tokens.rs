//! stub
use super::{error::DbError, tx::Tx};
use crate::id::TokenId;
pub async fn name(_tx: &mut Tx, _token: TokenId) -> Result<Option<String>, DbError> {
    Ok(None)
}
