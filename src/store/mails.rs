//! stub
use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CaseId, MailId, UserId},
    mail::message::Message,
    moment::Moment,
};
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub user: UserId,
    pub name: String,
    pub email: String,
}
pub struct Outgoing<'a> {
    pub id: MailId,
    pub account: Option<AccountId>,
    pub case: Option<CaseId>,
    pub to: &'a Contact,
    pub event: Option<&'static str>,
    pub message: &'a Message,
    pub at: Moment,
}
pub async fn queue(_tx: &mut Tx, _outgoing: &Outgoing<'_>) -> Result<(), DbError> {
    Ok(())
}
pub async fn notice(
    _tx: &mut Tx,
    _case: CaseId,
    _owners: &[UserId],
    _since: Moment,
) -> Result<Option<Moment>, DbError> {
    Ok(None)
}
