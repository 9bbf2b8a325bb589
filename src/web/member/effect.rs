//! What a change of a member means for recovery by vote, in sentences.

use crate::{app::view::member_home::MemberHome, mail::wording::length};

/// What it means that an administrator becomes none.
pub(super) fn takes(home: &MemberHome) -> String {
    if home.reader.owns || home.reader.themselves {
        return "As an administrator they voted on a new owner when the owner is lost. That ends at once.".to_owned();
    }
    format!(
        "As an administrator they voted on a new owner when the owner is lost. That ends in {}, unless they or another \
         administrator contest it; owners and administrators are told.",
        length(home.policy.seasoning)
    )
}

/// What it means that somebody becomes an administrator, or one again.
pub(super) fn gives(home: &MemberHome) -> String {
    let seasoning = length(home.policy.seasoning);
    if home.reader.owns {
        return format!(
            "As an administrator they vote on a new owner when the owner is lost, {seasoning} from now on; owners and \
             administrators are told."
        );
    }
    format!(
        "As an administrator they vote on a new owner when the owner is lost, but only {seasoning} after an owner, or more than \
         half of the administrators with standing, has confirmed it."
    )
}

/// The sentences for taking somebody's access.
pub(super) fn removes(home: &MemberHome, first: String) -> Vec<String> {
    let holds = home.member.administrator && home.member.status != "suspended";
    match (holds, home.reader.themselves) {
        (false, _) => vec![first],
        (true, true) => vec![first, "Your vote on a new owner, when the owner is lost, ends at once.".to_owned()],
        (true, false) => vec![first, takes(home)],
    }
}
