//! Mails that came in to vote, as the operator sees them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{
        app::App,
        error::{Access, Error},
        principal::Principal,
    },
    id::{AccountId, CaseId, InboundMailId},
    moment::Moment,
    store::inbound_mails::{self, InboundMail, Verdict},
};

/// A mail that came in to vote, and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InboundMailView {
    /// Its id.
    pub id: InboundMailId,
    /// When it came in.
    pub received_at: Moment,
    /// Whose it says it is. Of one that was refused, that may be a lie.
    pub sender: Option<String>,
    /// Its Message-ID.
    pub message_id: Option<String>,
    /// `counted`: it is a ballot. `refused`: it is none.
    pub verdict: &'static str,
    /// Why it was refused: a stable code.
    pub reason: Option<String>,
    /// The same in a sentence.
    pub detail: Option<String>,
    /// The account that it is about, as far as that is known.
    pub account: Option<AccountId>,
    /// The case that it is about, as far as that is known.
    pub case: Option<CaseId>,
    /// When its sender was told why it was refused. Nobody is told whose address a mail only claims.
    pub answered_at: Option<Moment>,
}

impl From<InboundMail> for InboundMailView {
    fn from(mail: InboundMail) -> Self {
        let (verdict, reason, detail, answered_at) = match mail.verdict {
            Verdict::Counted => ("counted", None, None, None),
            Verdict::Refused { reason, detail, answered_at } => ("refused", Some(reason), Some(detail), answered_at),
        };
        Self {
            id: mail.id,
            received_at: mail.received_at,
            sender: mail.sender,
            message_id: mail.message_id,
            verdict,
            reason,
            detail,
            account: mail.account,
            case: mail.case,
            answered_at,
        }
    }
}

/// The newest mails that came in, before that one.
///
/// # Errors
/// [`Access::OperatorsOnly`] for everybody else.
pub async fn list(
    app: &App,
    principal: &Principal,
    before: Option<InboundMailId>,
    limit: u16,
) -> Result<Vec<InboundMailView>, Error> {
    match principal {
        Principal::Operator { .. } => {}
        Principal::Person { .. } | Principal::Platform { .. } => return Err(Access::OperatorsOnly.into()),
    }
    let mails = inbound_mails::list(&mut app.db.read().await?, before, i64::from(limit)).await?;
    Ok(mails.into_iter().map(InboundMailView::from).collect())
}
