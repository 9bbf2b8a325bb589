//! Transferring ownership: an owner offers it to one member, who accepts or declines. Until then it can be taken back.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{
    member::Member,
    owner::{self, Around, can_own, may_change},
    preset::{PrimaryOwner, Role},
    refusal::Refusal,
    rights::Rights,
};
use crate::{
    id::{CaseId, TransferId, UserId},
    moment::Moment,
    recovery::proof::FreshProof,
};

/// One offer of ownership. At most one of an account is pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// The owner who offers.
    pub from: UserId,
    /// The member who would own.
    pub to: UserId,
    /// When it was offered.
    pub offered_at: Moment,
    /// From when it can no longer be accepted.
    pub expires_at: Moment,
    /// Where it stands.
    pub state: State,
}

/// Where a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// It waits for an answer.
    Pending,
    /// The member owns the account now, in place of whoever offered.
    Accepted {
        /// When.
        at: Moment,
    },
    /// The member does not want it.
    Declined {
        /// When.
        at: Moment,
    },
    /// It came to nothing before the member answered.
    Cancelled {
        /// When.
        at: Moment,
        /// Why.
        why: Cancelled,
    },
    /// Nobody answered in time.
    Expired {
        /// When.
        at: Moment,
    },
}

/// Why a transfer came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Cancelled {
    /// An owner took it back.
    TakenBack {
        /// Who.
        by: UserId,
    },
    /// Whoever offered is no owner any more.
    OffererNoOwner,
    /// The member is not there any more, or owns the account already.
    MemberUnfit,
    /// A recovery gave the account a new owner.
    Recovered {
        /// The case.
        case: CaseId,
    },
}

/// What an answer made of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// It is this now.
    Becomes(State),
    /// It was so before.
    AlreadySo,
}

/// What an owner offers, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// The new transfer's id.
    pub id: TransferId,
    /// Who offers.
    pub from: UserId,
    /// What they may do.
    pub rights: &'a Rights,
    /// The member.
    pub to: &'a Member,
    /// The member's role.
    pub role: &'a Role,
}

/// Decides whether an owner offers their ownership to a member. `latest` is the account's latest transfer.
///
/// # Errors
/// The reason for the refusal.
pub fn offer(
    offer: Offer<'_>,
    _proof: FreshProof,
    latest: Option<&Transfer>,
    around: Around<'_>,
    window: SignedDuration,
    now: Moment,
) -> Result<Transfer, Refusal> {
    offer.rights.require_owner()?;
    may_change(around)?;
    if let Some(pending) = latest.filter(|transfer| transfer.state_at(around.owners, now) == State::Pending) {
        return Err(Refusal::TransferPending { transfer: pending.id });
    }
    if offer.to.owner {
        return Err(Refusal::AlreadyOwner);
    }
    can_own(offer.to, offer.role)?;
    let expires_at = now.after(window);
    Ok(Transfer {
        id: offer.id,
        from: offer.from,
        to: offer.to.user,
        offered_at: now,
        expires_at,
        state: State::Pending,
    })
}

/// Decides whether the member accepts. Everything is looked at again: what was true when it was offered may not be now.
///
/// # Errors
/// The reason for the refusal.
pub fn accept(
    transfer: &Transfer,
    _proof: FreshProof,
    to: &Member,
    role: &Role,
    around: Around<'_>,
    now: Moment,
) -> Result<Answered, Refusal> {
    addressed(transfer, to.user)?;
    match transfer.state_at(around.owners, now) {
        State::Accepted { .. } => return Ok(Answered::AlreadySo),
        state @ (State::Declined { .. } | State::Cancelled { .. } | State::Expired { .. }) => return Err(ended(state)),
        State::Pending => {}
    }
    may_change(around)?;
    if to.owner {
        return Err(Refusal::AlreadyOwner);
    }
    can_own(to, role)?;
    Ok(Answered::Becomes(State::Accepted { at: now }))
}

/// Decides whether the member declines.
///
/// # Errors
/// The reason for the refusal.
pub fn decline(transfer: &Transfer, actor: UserId, owners: &[Member], now: Moment) -> Result<Answered, Refusal> {
    addressed(transfer, actor)?;
    match transfer.state_at(owners, now) {
        State::Pending => Ok(Answered::Becomes(State::Declined { at: now })),
        State::Declined { .. } => Ok(Answered::AlreadySo),
        state @ (State::Accepted { .. } | State::Cancelled { .. } | State::Expired { .. }) => Err(ended(state)),
    }
}

/// Decides whether an owner takes the offer back: whoever made it, or any other owner, who was alerted to it.
///
/// # Errors
/// The reason for the refusal.
pub fn cancel(
    transfer: &Transfer,
    rights: &Rights,
    _proof: FreshProof,
    actor: UserId,
    owners: &[Member],
    now: Moment,
) -> Result<Answered, Refusal> {
    rights.require_owner()?;
    match transfer.state_at(owners, now) {
        State::Pending => Ok(Answered::Becomes(State::Cancelled { at: now, why: Cancelled::TakenBack { by: actor } })),
        State::Cancelled { why: Cancelled::TakenBack { .. }, .. } => Ok(Answered::AlreadySo),
        state @ (State::Accepted { .. }
        | State::Declined { .. }
        | State::Cancelled {
            why: Cancelled::OffererNoOwner | Cancelled::MemberUnfit | Cancelled::Recovered { .. },
            ..
        }
        | State::Expired { .. }) => Err(ended(state)),
    }
}

impl Transfer {
    /// Where it stands at that moment, also when nobody has written down yet that time or a change of owners has ended
    /// it. `owners` are those who hold ownership now.
    #[must_use]
    pub fn state_at(&self, owners: &[Member], now: Moment) -> State {
        match self.state {
            State::Pending if self.expires_at <= now => State::Expired { at: self.expires_at },
            State::Pending if !owns(owners, self.from) => State::Cancelled { at: now, why: Cancelled::OffererNoOwner },
            State::Pending if owns(owners, self.to) => State::Cancelled { at: now, why: Cancelled::MemberUnfit },
            State::Pending => State::Pending,
            state @ (State::Accepted { .. }
            | State::Declined { .. }
            | State::Cancelled { .. }
            | State::Expired { .. }) => state,
        }
    }

    /// What it becomes when the member to whom it was offered is deleted from the account, or leaves it.
    #[must_use]
    pub const fn member_gone(&self, now: Moment) -> State {
        match self.state {
            State::Pending => State::Cancelled { at: now, why: Cancelled::MemberUnfit },
            state @ (State::Accepted { .. }
            | State::Declined { .. }
            | State::Cancelled { .. }
            | State::Expired { .. }) => state,
        }
    }

    /// What it becomes when a recovery completes.
    #[must_use]
    pub const fn recovered(&self, case: CaseId, now: Moment) -> State {
        match self.state {
            State::Pending => State::Cancelled { at: now, why: Cancelled::Recovered { case } },
            state @ (State::Accepted { .. }
            | State::Declined { .. }
            | State::Cancelled { .. }
            | State::Expired { .. }) => state,
        }
    }

    /// Who is the primary owner after it was accepted: the new owner, if the old one was. `owners` are those who hold
    /// ownership afterwards.
    #[must_use]
    pub fn primary(&self, rule: PrimaryOwner, before: Option<UserId>, owners: &[Member]) -> Option<UserId> {
        let before = if before == Some(self.from) { Some(self.to) } else { before };
        owner::primary(rule, before, owners)
    }
}

impl Cancelled {
    /// The reason's word, as in the API.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::TakenBack { .. } => "taken_back",
            Self::OffererNoOwner => "offerer_no_owner",
            Self::MemberUnfit => "member_unfit",
            Self::Recovered { .. } => "recovered",
        }
    }
}

impl State {
    /// When it ended; none while it waits for an answer.
    #[must_use]
    pub const fn ended_at(&self) -> Option<Moment> {
        match self {
            Self::Pending => None,
            Self::Accepted { at } | Self::Declined { at } | Self::Cancelled { at, .. } | Self::Expired { at } => {
                Some(*at)
            }
        }
    }

    /// The state's word, as in the API.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted { .. } => "accepted",
            Self::Declined { .. } => "declined",
            Self::Cancelled { .. } => "cancelled",
            Self::Expired { .. } => "expired",
        }
    }
}

fn owns(owners: &[Member], user: UserId) -> bool {
    owners.iter().any(|owner| owner.user == user)
}

fn addressed(transfer: &Transfer, actor: UserId) -> Result<(), Refusal> {
    if transfer.to == actor { Ok(()) } else { Err(Refusal::TransferNotYours) }
}

const fn ended(state: State) -> Refusal {
    Refusal::TransferEnded { state: state.word() }
}
