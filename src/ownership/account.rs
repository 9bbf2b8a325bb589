//! An account's status: what owners make of it, and what is possible in each.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{refusal::Refusal, rights::Rights};
use crate::{id::CaseId, moment::Moment, recovery::proof::FreshProof};

/// Whether an account is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Its first owner has not confirmed their address yet.
    Pending,
    /// In use.
    Active,
    /// An owner has stopped its use, until an owner resumes it.
    Suspended,
    /// An owner closes it; until then any owner can undo that.
    Closing {
        /// When it is closed for good.
        until: Moment,
    },
    /// Closed for good. Its record can be read.
    Closed,
}

/// How long after an account's creation its owner names administrators who have standing at once.
pub const FOUNDING: SignedDuration = SignedDuration::from_hours(24);

/// How long an owner can undo the closing of an account.
pub const GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What an owner makes of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Stop its use for now.
    Suspend,
    /// Let it be used again.
    Resume,
    /// Close it, after [`GRACE`].
    Close,
    /// Undo the closing. The account is in use afterwards, whatever it was before.
    UndoClose,
}

/// What an act made of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is this now.
    Becomes(Status),
    /// It was so before.
    AlreadySo,
}

/// Something that somebody does with an account, as far as its status has a say. Who may do it is another question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// Read what it holds, its log included.
    Read,
    /// Leave it.
    Leave,
    /// Suspend, demote or delete members, take back an invitation, revoke a recovery user or a key.
    TakeAway,
    /// Invite members, accept an invitation, resume members, give roles.
    Give,
    /// Grant, revoke, offer or accept ownership.
    ChangeOwners,
    /// Change the policy, the settings, recovery users or keys, or create or onboard into child accounts.
    Arrange,
    /// Open a recovery case, vote, object, redeem a key.
    Recover,
}

impl Use {
    /// Everything that can be done.
    pub const ALL: [Self; 7] =
        [Self::Read, Self::Leave, Self::TakeAway, Self::Give, Self::ChangeOwners, Self::Arrange, Self::Recover];
}

impl Status {
    /// The status's word, as in the API.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closing { .. } => "closing",
            Self::Closed => "closed",
        }
    }

    /// When it is closed for good, while it is being closed.
    #[must_use]
    pub const fn closing_until(&self) -> Option<Moment> {
        match self {
            Self::Closing { until } => Some(*until),
            Self::Pending | Self::Active | Self::Suspended | Self::Closed => None,
        }
    }

    /// Whether people use it, or will as soon as its first owner has confirmed their address.
    #[must_use]
    pub const fn is_in_use(&self) -> bool {
        match self {
            Self::Pending | Self::Active => true,
            Self::Suspended | Self::Closing { .. } | Self::Closed => false,
        }
    }

    /// Checks that an account with this status allows such a use.
    ///
    /// # Errors
    /// The status, and the way out if there is one.
    pub const fn allows(&self, wanted: Use) -> Result<(), Refusal> {
        match (self, wanted) {
            // Reading is always possible: the record is what an auditor asks for. So is leaving: nobody is held.
            (_, Use::Read | Use::Leave) | (Self::Active, _) => Ok(()),
            // Those who will use it are being gathered. Nobody owns it effectively yet, so there is nothing to recover.
            (Self::Pending, Use::Give | Use::TakeAway) => Ok(()),
            (Self::Pending, Use::ChangeOwners | Use::Arrange | Use::Recover) => Err(Refusal::AccountPending),
            // Suspending is the brake that an owner pulls when something is wrong: access can still be taken away, and
            // nothing is given. Whoever suspends an account that they took over must not stop those who recover it.
            (Self::Suspended | Self::Closing { .. }, Use::TakeAway | Use::Recover) => Ok(()),
            (Self::Suspended, Use::Give | Use::ChangeOwners | Use::Arrange) => Err(Refusal::AccountSuspended),
            (Self::Closing { until }, Use::Give | Use::ChangeOwners | Use::Arrange) => {
                Err(Refusal::AccountClosing { until: *until })
            }
            (Self::Closed, Use::TakeAway | Use::Give | Use::ChangeOwners | Use::Arrange | Use::Recover) => {
                Err(Refusal::AccountClosed)
            }
        }
    }

    /// The status that time alone has brought about by then, if it differs. While a case is open an account does not
    /// close: otherwise an owner's closing would end a recovery without the veto that ends it in the open.
    #[must_use]
    pub fn lapsed(&self, open_case: Option<CaseId>, now: Moment) -> Option<Self> {
        match self {
            Self::Closing { until } if *until <= now && open_case.is_none() => Some(Self::Closed),
            Self::Pending | Self::Active | Self::Suspended | Self::Closing { .. } | Self::Closed => None,
        }
    }

    /// The status at that moment, also when nobody has written down yet what time brought about: a late sweep gives
    /// nobody more time.
    #[must_use]
    pub fn at(&self, open_case: Option<CaseId>, now: Moment) -> Self {
        self.lapsed(open_case, now).unwrap_or(*self)
    }

    /// The status after a recovery has replaced the owners. What they had begun to close is the new owner's to decide;
    /// what is suspended stays so until the new owner resumes it.
    #[must_use]
    pub const fn recovered(&self) -> Self {
        match self {
            Self::Closing { .. } => Self::Active,
            Self::Pending | Self::Active | Self::Suspended | Self::Closed => *self,
        }
    }
}

/// Decides what an owner makes of an account.
///
/// # Errors
/// The reason for the refusal.
pub fn decide(
    status: Status,
    act: Act,
    rights: &Rights,
    _proof: FreshProof,
    open_case: Option<CaseId>,
    now: Moment,
) -> Result<Decision, Refusal> {
    rights.require_owner()?;
    let closing = now.after(GRACE);
    match (status.at(open_case, now), act) {
        (Status::Closed, _) => Err(Refusal::AccountClosed),
        (Status::Pending, _) => Err(Refusal::AccountPending),
        (Status::Active, Act::Resume | Act::UndoClose)
        | (Status::Suspended, Act::Suspend)
        | (Status::Closing { .. }, Act::Close) => Ok(Decision::AlreadySo),
        (Status::Active, Act::Suspend) => no_case(open_case).map(|()| Decision::Becomes(Status::Suspended)),
        (Status::Active | Status::Suspended, Act::Close) => {
            no_case(open_case).map(|()| Decision::Becomes(Status::Closing { until: closing }))
        }
        (Status::Suspended, Act::Resume) | (Status::Closing { .. }, Act::UndoClose) => {
            Ok(Decision::Becomes(Status::Active))
        }
        (Status::Suspended, Act::UndoClose) => Err(Refusal::NotClosing),
        (Status::Closing { until }, Act::Suspend | Act::Resume) => Err(Refusal::AccountClosing { until }),
    }
}

const fn no_case(open_case: Option<CaseId>) -> Result<(), Refusal> {
    match open_case {
        Some(case) => Err(Refusal::CaseOpen { case }),
        None => Ok(()),
    }
}
