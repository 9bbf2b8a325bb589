//! Where a step goes. Most are aimed at where they could succeed, or a story would hardly ever get anywhere; every fourth goes
//! where chance sends it.

use super::{
    cast::PEOPLE,
    play::named,
    steps::{Pick, Step, What, Who},
    tree::{Member, Shown},
};

type Person = Option<&'static str>;

/// In which account.
pub fn aim(step: &Step, before: &[Shown]) -> usize {
    let there = |shown: &Shown| match step.what {
        What::Accept | What::Decline | What::TakeBack => shown.offer.as_deref() == Some("pending"),
        What::Resume => shown.status == "suspended",
        What::UndoClose => shown.status == "closing",
        What::CancelEdit => shown.pending.is_some(),
        What::MakePrimary => shown.primary.is_some() && shown.owners().len() > 1,
        What::ResumeMember => shown.members.values().any(|member| member.status == "suspended"),
        What::Join => shown.members.values().any(|member| member.status == "invited"),
        What::Revoke => shown.pending.is_some() && shown.owners().len() > 1,
        What::EditPolicy(_) => shown.status == "active" && shown.owners().len() > 1,
        What::Grant
        | What::Offer
        | What::Suspend
        | What::Close
        | What::SuspendMember
        | What::GiveRole(_)
        | What::Delete
        | What::Leave
        | What::Invite(_)
        | What::Child
        | What::JoinByDomain
        | What::OpenCase
        | What::Recover(_)
        | What::Wait(_) => shown.status == "active",
    };
    let fit: Vec<usize> = (0..before.len()).filter(|at| step.is_aimed() && there(&before[*at])).collect();
    let anywhere = usize::from(step.at) % before.len();
    fit.get(usize::from(step.at) % fit.len().max(1)).copied().unwrap_or(anywhere)
}

/// By whom, and about whom; none where chance decides.
pub fn likely(step: &Step, shown: &Shown, asked: Person) -> (Person, Person) {
    if !step.is_aimed() {
        return (None, None);
    }
    let one = |fits: &dyn Fn(&str, &Member) -> bool, pick: Pick| -> Person {
        let fit: Vec<_> = shown.members.iter().filter(|(name, member)| fits(name, member)).collect();
        fit.get(usize::from(pick) % fit.len().max(1)).and_then(|(name, _)| named(name))
    };
    let (first, second) = (step.stranger, step.at);
    let owner = |pick| one(&|_, member| member.is_effective_owner(), pick);
    let heir = |pick| one(&|_, member| !member.owner && member.confirmed && member.status == "active", pick);
    let with_status = |status: &'static str, pick| one(&move |_, member| member.status == status, pick);
    let primary = || shown.primary.as_deref().and_then(named);
    let other = |pick| one(&|name, it| it.owner && primary() != Some(name), pick);
    match step.what {
        What::Accept | What::Decline => (asked, None),
        What::MakePrimary => {
            let by = if matches!(step.by, Who::Owner(_)) { other(first) } else { primary() };
            (by, other(second))
        }
        What::Grant | What::Offer => (owner(first), heir(second)),
        What::OpenCase | What::Recover(_) => (one(&|_, it| !it.owner && it.administrator, first), heir(second)),
        // Whoever wants the policy to change, if somebody does: that their wish ends with their ownership is rare.
        What::Revoke => {
            let waits = shown.pending.as_ref().and_then(|it| it.by.as_deref()).and_then(named);
            (owner(first), waits.or_else(|| owner(second)))
        }
        // Now and then an administrator goes for an owner.
        What::SuspendMember | What::GiveRole(_) | What::Delete if matches!(step.who, Who::Owner(_)) => {
            (one(&|_, it| !it.owner && it.administrator, first), owner(second))
        }
        What::SuspendMember | What::GiveRole(_) | What::Delete => (owner(first), heir(second)),
        What::ResumeMember => (owner(first), with_status("suspended", second)),
        What::Join => (with_status("invited", second), None),
        What::Invite(_) => {
            let outside = |name: &&'static str| !shown.members.contains_key(*name);
            (owner(first), PEOPLE.into_iter().cycle().skip(usize::from(second)).take(10).find(outside))
        }
        What::Suspend
        | What::Resume
        | What::Close
        | What::UndoClose
        | What::TakeBack
        | What::Child
        | What::EditPolicy(_)
        | What::CancelEdit => (owner(first), None),
        What::Leave | What::JoinByDomain | What::Wait(_) => (None, None),
    }
}

impl Step {
    const fn is_aimed(&self) -> bool {
        !self.stranger.is_multiple_of(4)
    }
}
