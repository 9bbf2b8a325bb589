//! stub
use super::{error::DbError, tx::Tx};
use crate::{
    id::{AccountId, CaseId, ChangeId, LinkId, UserId},
    moment::Moment,
};
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Ballot,
    Pause,
    Contest,
    Accept,
    Disown,
}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub id: LinkId,
    pub purpose: Purpose,
    pub user: UserId,
    pub account: AccountId,
    pub case: Option<CaseId>,
    pub change: Option<ChangeId>,
    pub created_at: Moment,
    pub dead_at: Option<Moment>,
}
pub async fn create(_tx: &mut Tx, _link: &Link) -> Result<(), DbError> {
    Ok(())
}
pub async fn kill_of_case(_tx: &mut Tx, _case: CaseId, _now: Moment) -> Result<(), DbError> {
    Ok(())
}
pub async fn kill_of_user_in_account(
    _tx: &mut Tx,
    _user: UserId,
    _account: AccountId,
    _now: Moment,
) -> Result<(), DbError> {
    Ok(())
}
