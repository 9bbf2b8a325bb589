//! Entries of the activity log as sentences for people.
//!
//! Names come from the log's own personal values or from the people as they are called now; all are made safe to print.

use serde_json::Value;

use super::case_sentence::of_case;
use crate::{
    activity::entry::Entry,
    app::view::{account_home::named, activity::EntryView},
    id::UserId,
    mail::{plain_text, wording::count},
    moment::Moment,
    ownership::actor::Actor,
    zone::Zone,
};

/// What an entry says: who did what. `called` tells what people are called; moments are those of `zone`.
#[must_use]
pub fn told<'n>(view: &EntryView, called: &impl Fn(UserId) -> Option<&'n str>, zone: &Zone) -> String {
    let entry = &view.entry;
    let name = |user: UserId| called(user).map_or_else(|| "somebody".to_owned(), plain_text::name);
    let doer = doer(entry, called);
    let whom = entry.user.map_or_else(|| "somebody".to_owned(), name);
    if entry.kind.starts_with("case.") {
        return of_case(entry, &doer, &whom, zone);
    }
    if entry.kind.starts_with("transfer.") {
        return of_transfer(entry, &doer, &whom, &name, zone);
    }
    if entry.kind.starts_with("policy.") {
        return of_policy(entry, &doer, zone);
    }
    if ["domain.", "sign_on.", "webhook."].iter().any(|kinds| entry.kind.starts_with(kinds)) {
        return of_doors(entry, &doer);
    }
    if entry.kind.starts_with("member.pass") {
        return of_credential(entry, &doer, &whom);
    }
    let themselves = entry.user.is_some() && entry.user == entry.actor.person();
    match entry.kind.as_str() {
        "account.created" => format!("{doer} created the account."),
        "account.activated" => "The account became active.".to_owned(),
        "account.renamed" => match view.values.get("account_name") {
            Some(new) => format!("{doer} renamed the account to {}.", plain_text::name(new)),
            None => format!("{doer} renamed the account. The name was erased."),
        },
        "account.suspended" => format!("{doer} suspended the account."),
        "account.resumed" => format!("{doer} resumed the account."),
        "account.closing" => match moment(entry, "until") {
            Some(until) => format!("{doer} began to close the account. It is closed on {}.", zone.when(until)),
            None => format!("{doer} began to close the account."),
        },
        "account.kept" if entry.case.is_some() => "A recovery ended the closing of the account.".to_owned(),
        "account.kept" => format!("{doer} undid the closing of the account."),
        "account.closed" => "The account was closed.".to_owned(),
        "child.created" => match view.values.get("child_name") {
            Some(name) => format!("{doer} created {} below the account.", plain_text::name(name)),
            None => format!("{doer} created an account below this one, whose name was erased."),
        },
        "settings.branding_changed" => format!("{doer} changed how the account looks."),
        "settings.logo_changed" => format!("{doer} changed the logo."),
        "settings.logo_removed" => format!("{doer} took the logo away."),
        "settings.reference_changed" => format!("{doer} changed whether accounts below need a reference."),
        "member.joined" => format!("{whom} joined the account by {}.", domain(entry)),
        "member.invited" => format!("{doer} invited {whom}."),
        "member.accepted" => format!("{whom} accepted the invitation."),
        "member.role_changed" => format!("{doer} changed the role of {whom}."),
        "member.suspended" => format!("{doer} suspended {whom}."),
        "member.resumed" => format!("{doer} gave {whom} access again."),
        "member.renamed" => match view.values.get("name") {
            Some(new) => format!("{whom} changed their name to {}.", plain_text::name(new)),
            None => format!("{whom} changed their name. What it was then, was erased."),
        },
        "member.address_changed" => format!("{whom} changed their e-mail address."),
        "member.left" => format!("{whom} left the account."),
        "member.removed" => format!("{doer} removed {whom}."),
        "owner.granted" => format!("{doer} made {whom} an owner.{}", primary(entry, &name)),
        "owner.revoked" if themselves => format!("{doer} gave up ownership.{}", primary(entry, &name)),
        "owner.revoked" => format!("{doer} took ownership away from {whom}.{}", primary(entry, &name)),
        "owner.primary_passed" => format!("{doer} made {whom} the primary owner."),
        "roster.removal_contested" if themselves => format!("{doer} contested their own removal."),
        "roster.removal_contested" => format!("{doer} contested the removal of {whom}."),
        "roster.removal_confirmed" => format!("{doer} confirmed the removal of {whom}."),
        "roster.addition_confirmed" => format!("{doer} confirmed {whom} as an administrator."),
        "digest.sent" => {
            format!("The owners were told that the account is badly prepared: {} of 100.", number(entry, "score"))
        }
        "digest.turned_off" => format!("{doer} turned the weekly mail about readiness off."),
        "digest.turned_on" => format!("{doer} turned the weekly mail about readiness on."),
        "personal_values.erased" => of_erasure(entry, &doer, &whom),
        _ => of_recovery_user(view, &doer),
    }
}

fn of_erasure(entry: &Entry, doer: &str, whom: &str) -> String {
    let values = count(number(entry, "values"), "personal value");
    match text(entry, "why") {
        Some("kept") => {
            format!("{values} of this log had been kept long enough, and {verb} erased.", verb = were(entry))
        }
        _ if entry.user.is_some() => format!("{doer} erased {values} of {whom} from this log, as they had asked."),
        _ => format!("{doer} erased {values} of a recovery user from this log, as they had asked."),
    }
}

fn were(entry: &Entry) -> &'static str {
    if number(entry, "values") == 1 { "was" } else { "were" }
}

/// Who did it.
#[must_use]
pub fn doer<'n>(entry: &Entry, called: &impl Fn(UserId) -> Option<&'n str>) -> String {
    let name = |user: UserId| called(user).map_or_else(|| "somebody".to_owned(), plain_text::name);
    match entry.actor {
        Actor::User { user } => name(user),
        Actor::Operator { .. } => "The operator of this service".to_owned(),
        Actor::Platform { on_behalf_of: None, .. } => "The connected product".to_owned(),
        Actor::Platform { on_behalf_of: Some(user), .. } => format!("The connected product, for {},", name(user)),
        Actor::RecoveryUser { .. } => "A recovery user".to_owned(),
        Actor::Service => "The service".to_owned(),
    }
}

/// Of their password or passkey.
fn of_credential(entry: &Entry, doer: &str, whom: &str) -> String {
    let behind = if entry.data.contains_key("mail_since") {
        ", with nothing but a code from their mailbox behind it"
    } else {
        ""
    };
    match entry.kind.as_str() {
        "member.password_set" => format!("{whom} set a password{behind}."),
        "member.password_removed" => format!("{whom} removed their password."),
        "member.passkey_added" => format!("{whom} added a passkey{behind}."),
        "member.passkey_removed" => format!("{whom} removed a passkey."),
        "member.passkey_copied" => format!("A passkey of {whom} may have been copied, and is not taken any more."),
        other => unknown(doer, other),
    }
}

fn of_policy(entry: &Entry, doer: &str, zone: &Zone) -> String {
    match entry.kind.as_str() {
        "policy.changed" if entry.actor == Actor::Service => {
            "The change of the policy that waited is in force.".to_owned()
        }
        "policy.changed" => format!("{doer} changed the recovery policy."),
        "policy.change_proposed" => match moment(entry, "effective_at") {
            Some(at) => format!("{doer} wants to change the recovery policy, from {}.", zone.when(at)),
            None => format!("{doer} wants to change the recovery policy."),
        },
        "policy.change_cancelled" => format!("{doer} cancelled a change of the recovery policy."),
        other => unknown(doer, other),
    }
}

fn of_domain(entry: &Entry, doer: &str) -> String {
    let domain = domain(entry);
    match entry.kind.as_str() {
        "domain.added" => format!("{doer} added {domain} for joining."),
        "domain.role_changed" => format!("{doer} changed the role of those who join by {domain}."),
        "domain.proven" => format!("The record of {domain} was found: people can join by it."),
        "domain.lapsed" => format!("The record of {domain} is gone: nobody joins by it any more."),
        "domain.removed" => format!("{doer} took {domain} away: nobody joins by it any more."),
        other => unknown(doer, other),
    }
}

/// By what people come in, and news go out.
fn of_doors(entry: &Entry, doer: &str) -> String {
    if entry.kind.starts_with("domain.") {
        of_domain(entry, doer)
    } else if entry.kind.starts_with("sign_on.") {
        of_sign_on(entry, doer)
    } else {
        of_webhook(entry, doer)
    }
}

fn of_webhook(entry: &Entry, doer: &str) -> String {
    match (entry.kind.as_str(), text(entry, "why")) {
        ("webhook.added", _) => format!("{doer} added a webhook endpoint."),
        ("webhook.removed", _) => format!("{doer} removed a webhook endpoint."),
        ("webhook.secret_replaced", _) => format!("{doer} gave a webhook endpoint a new secret."),
        ("webhook.enabled", _) => format!("{doer} turned a webhook endpoint on."),
        ("webhook.disabled", Some("failed")) => {
            "A webhook endpoint had failed for days, and was turned off.".to_owned()
        }
        ("webhook.disabled", Some("gone")) => "A webhook endpoint said that it is gone, and was turned off.".to_owned(),
        ("webhook.disabled", _) => format!("{doer} turned a webhook endpoint off."),
        ("webhook.ended", _) => "A recovery ended the webhooks of the account.".to_owned(),
        (other, _) => unknown(doer, other),
    }
}

fn of_sign_on(entry: &Entry, doer: &str) -> String {
    let at = text(entry, "issuer").map_or_else(|| "an identity provider".to_owned(), plain_text::address);
    match entry.kind.as_str() {
        "sign_on.set_up" => format!("{doer} had people sign in through {at}."),
        "sign_on.changed" => format!("{doer} changed how people sign in: it is through {at} now."),
        "sign_on.removed" => format!("{doer} turned single sign-on off."),
        "sign_on.used" => format!("{doer} signed in through {at}."),
        other => unknown(doer, other),
    }
}

fn of_recovery_user(view: &EntryView, doer: &str) -> String {
    const NAME: &str = "recovery_user_name";
    let whom = match view.values.get(NAME) {
        Some(name) => plain_text::name(name),
        None if view.withheld.iter().any(|name| name == NAME) => "somebody whose name only owners see".to_owned(),
        None => "somebody whose name was erased".to_owned(),
    };
    match view.entry.kind.as_str() {
        "recovery_user.added" => format!("{doer} chose {whom} as a recovery user."),
        "recovery_user.address_confirmed" => format!("The recovery user {whom} confirmed a recovery address."),
        "recovery_user.removed" => format!("{doer} removed the recovery user {whom}."),
        "paper_key.issued" => format!("{doer} issued a paper key for {whom}."),
        "paper_key.revoked" => format!("{doer} revoked a paper key of {whom}."),
        "paper_key.drilled" => format!("A paper key of {whom} was drilled: it works, and so does the mailbox."),
        "paper_key.presented" => {
            format!("Somebody typed a paper key of {whom}, to give the account a new owner. A code was mailed to them.")
        }
        "paper_key.refused" => format!("Somebody typed a paper key of {whom} that is not right, or works no more."),
        "paper_key.refused_more" => {
            "Somebody went on to type paper keys that are not right, or work no more.".to_owned()
        }
        "paper_key.all_ended" => "A recovery ended the paper keys of the account.".to_owned(),
        other => unknown(doer, other),
    }
}

fn domain(entry: &Entry) -> String {
    text(entry, "domain").map_or_else(|| "an e-mail domain".to_owned(), plain_text::address)
}

fn of_transfer(entry: &Entry, doer: &str, whom: &str, name: &impl Fn(UserId) -> String, zone: &Zone) -> String {
    let from = named(entry, "from").map_or_else(|| "somebody".to_owned(), name);
    match entry.kind.as_str() {
        "transfer.offered" => {
            let until = moment(entry, "expires_at").map_or_else(|| "a later date".to_owned(), |at| zone.when(at));
            format!("{doer} offered their ownership to {whom}, who can accept it until {until}.")
        }
        "transfer.accepted" => format!(
            "{whom} accepted the ownership that {from} had offered, and owns the account in their place.{}",
            primary(entry, name)
        ),
        "transfer.declined" => format!("{whom} declined the ownership that {from} had offered."),
        "transfer.expired" => {
            format!("{whom} did not answer in time, and the ownership that {from} had offered is offered no more.")
        }
        "transfer.cancelled" => match text(entry, "why") {
            Some("taken_back") => format!("{doer} took back the ownership that {from} had offered to {whom}."),
            Some("offerer_no_owner") => {
                format!("{from} was no longer an owner, so their offer of ownership to {whom} ended.")
            }
            Some("recovered") => format!("A recovery came first, so the offer of ownership by {from} to {whom} ended."),
            Some(_) | None => {
                format!("{whom} had left, or owned the account already, so the offer of ownership by {from} ended.")
            }
        },
        other => unknown(doer, other),
    }
}

/// Who became the primary owner by an entry, as a sentence of its own.
fn primary(entry: &Entry, name: &impl Fn(UserId) -> String) -> String {
    named(entry, "primary").map_or_else(String::new, |primary| format!(" {} is the primary owner now.", name(primary)))
}

/// An entry of a later version, whose kind is not known here: its name is better than silence.
pub(super) fn unknown(doer: &str, kind: &str) -> String {
    format!("{doer}: {}.", plain_text::name(kind))
}

pub(super) fn text<'e>(entry: &'e Entry, name: &str) -> Option<&'e str> {
    entry.data.get(name).and_then(Value::as_str)
}

pub(super) fn number(entry: &Entry, name: &str) -> i64 {
    entry.data.get(name).and_then(Value::as_i64).unwrap_or_default()
}

pub(super) fn moment(entry: &Entry, name: &str) -> Option<Moment> {
    text(entry, name)?.parse().ok()
}
