//! What the page before an act on a member asks: what it does, in sentences, and the words on its button.

use super::{
    deed::Deed,
    effect::{gives, removes, takes},
};
use crate::{
    app::view::member_home::{MemberHome, RoleChoice},
    mail::{plain_text, wording::length},
    web::confirmation::Question,
};

/// What the page before an act asks; `role` is the role to be given.
#[must_use]
pub(super) fn question(deed: Deed, home: &MemberHome, role: Option<&RoleChoice>) -> Question {
    let who = &plain_text::name(&home.member.name);
    let account = &plain_text::name(&home.account_name);
    let (title, told) = match deed {
        Deed::Role => new_role(home, who, role),
        Deed::Suspend => {
            let first = format!("{who} cannot use {account} until somebody gives them their access back.");
            (format!("Suspend {who}?"), removes(home, first))
        }
        Deed::Resume => {
            let first = format!("{who} can use {account} again, as {}.", home.role);
            let told = if home.member.administrator { vec![first, gives(home)] } else { vec![first] };
            (format!("Give {who} access again?"), told)
        }
        Deed::Remove => {
            let first = format!("{who} is deleted from {account}. To come back, they have to be invited again.");
            (format!("Remove {who}?"), removes(home, first))
        }
        Deed::Leave => {
            let first = format!("You cannot use {account} any more. To come back, you have to be invited again.");
            (format!("Leave {account}?"), removes(home, first))
        }
        Deed::Grant => grant(who, account),
        Deed::Revoke => revoke(home, who, account),
        Deed::Primary => primary(who, account),
        Deed::Transfer => transfer(home, who, account),
    };
    let (here, button, look) = labels(deed, home);
    let person = format!("{who} <{}>", plain_text::address(&home.member.email));
    Question { title, here, told, facts: vec![("Member", person)], button, look }
}

/// What the page is called in the path of links, what stands on its button, and how that looks.
const fn labels(deed: Deed, home: &MemberHome) -> (&'static str, &'static str, &'static str) {
    match deed {
        Deed::Role => ("Change the role", "Change the role", ""),
        Deed::Suspend => ("Suspend", "Suspend them", "danger"),
        Deed::Resume => ("Give access again", "Give access again", ""),
        Deed::Remove => ("Remove", "Remove them", "danger"),
        Deed::Leave => ("Leave", "Leave the account", "danger"),
        Deed::Grant => ("Grant ownership", "Grant ownership", ""),
        Deed::Revoke if home.reader.themselves => ("Revoke ownership", "Give up ownership", "danger"),
        Deed::Revoke => ("Revoke ownership", "Revoke ownership", "danger"),
        Deed::Primary => ("Primary owner", "Make them primary", ""),
        Deed::Transfer => ("Transfer ownership", "Offer ownership", ""),
    }
}

type Words = (String, Vec<String>);

fn new_role(home: &MemberHome, who: &str, role: Option<&RoleChoice>) -> Words {
    let new = role.map(|role| role.title.clone()).unwrap_or_default();
    let first = format!("{who} is {} now, and would be {new}.", home.role);
    let told = match (home.member.administrator, role.is_some_and(|role| role.administrator)) {
        (true, false) => vec![first, takes(home)],
        (false, true) => vec![first, gives(home)],
        (true, true) | (false, false) => vec![first],
    };
    (format!("Make {who} {new}?"), told)
}

fn grant(who: &str, account: &str) -> Words {
    let told = vec![
        format!(
            "{who} owns the account beside the present owners, and can do everything that an owner can: also end your \
             ownership."
        ),
        "All owners are told by mail.".to_owned(),
    ];
    (format!("Make {who} an owner of {account}?"), told)
}

fn revoke(home: &MemberHome, who: &str, account: &str) -> Words {
    if home.reader.themselves {
        let told = vec![
            "You stop being an owner, and keep your role. Only another owner can give ownership back to you."
                .to_owned(),
            "All owners are told by mail.".to_owned(),
        ];
        return (format!("Give up your ownership of {account}?"), told);
    }
    let told = vec![
        format!("{who} stops being an owner, and keeps their role: {}.", home.role),
        "All owners are told by mail, and so are they.".to_owned(),
    ];
    (format!("Revoke the ownership of {who}?"), told)
}

fn primary(who: &str, account: &str) -> Words {
    let told = vec![
        format!("{who} becomes the primary owner in your place. You stay an owner."),
        "Only they can pass that on then. All owners are told by mail.".to_owned(),
    ];
    (format!("Make {who} the primary owner of {account}?"), told)
}

fn transfer(home: &MemberHome, who: &str, account: &str) -> Words {
    let told = vec![
        format!(
            "{who} gets a mail, and can accept for {}. If they do, they own the account and you no longer do. Both of you keep \
             your roles.",
            length(home.policy.transfer_window)
        ),
        "Until they accept you own the account, and any owner can take the offer back. All owners are told of each step."
            .to_owned(),
    ];
    (format!("Offer your ownership of {account} to {who}?"), told)
}
