//! Readiness in words, and where to mend what is wanting.

use crate::{
    app::view::readiness::{NamedView, RouteView},
    id::AccountId,
    mail::plain_text,
    ownership::readiness_reasons::Mend,
};

/// A link that leads to where something is mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The page.
    pub address: String,
    /// Its name.
    pub label: &'static str,
}

/// Where somebody mends that.
#[must_use]
pub fn way(account: AccountId, mend: Mend) -> Way {
    let (below, label) = match mend {
        Mend::Cases => ("/cases/new", "Open a recovery case"),
        Mend::Owners => ("/owners", "Ownership and transfers"),
        Mend::Members => ("/members", "Members"),
        Mend::Roster => ("/roster", "Who has standing"),
        Mend::RecoveryUsers => ("/recovery-users", "Recovery users"),
    };
    Way { address: format!("/accounts/{account}{below}"), label }
}

/// Names, safe to print: `A, B and C`.
#[must_use]
pub fn names<'n>(people: impl IntoIterator<Item = &'n NamedView>) -> String {
    let names: Vec<String> = people.into_iter().map(|person| plain_text::name(&person.name)).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// What becomes of a route, as a sentence.
#[must_use]
pub fn route(route: &RouteView, people: &str) -> String {
    match (route.state, route.spare, route.have, route.need) {
        ("reachable", Some(0), ..) => format!("It works, and every one of the {people} is needed."),
        ("reachable", Some(1), ..) => format!("It works, also if one of the {people} left."),
        ("reachable", Some(spare), ..) => format!("It works, also if {spare} of the {people} left."),
        ("unreachable", _, Some(have), Some(need)) => {
            format!("It does not work: it takes {need}, and there are {have}.")
        }
        _ => "It is switched off in this account\u{2019}s policy.".to_owned(),
    }
}
