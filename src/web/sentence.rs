//! Entries of the activity log as sentences for people.
//!
//! Names come from the log's own personal values or from the people as they are called now; all are made safe to print.

use serde_json::Value;

use crate::{
    activity::entry::Entry,
    app::view::{account_home::named, activity::EntryView},
    id::UserId,
    mail::{
        plain_text,
        wording::{count, when},
    },
    moment::Moment,
    ownership::actor::Actor,
};

/// What an entry says: who did what. `called` tells what people are called.
#[must_use]
pub fn told<'n>(view: &EntryView, called: &impl Fn(UserId) -> Option<&'n str>) -> String {
    let entry = &view.entry;
    let name = |user: UserId| called(user).map_or_else(|| "somebody".to_owned(), plain_text::name);
    let doer = match entry.actor {
        Actor::User { user } => name(user),
        Actor::Operator { .. } => "The operator of this service".to_owned(),
        Actor::Platform { on_behalf_of: None, .. } => "The connected product".to_owned(),
        Actor::Platform { on_behalf_of: Some(user), .. } => format!("The connected product, for {},", name(user)),
        Actor::RecoveryUser { .. } => "A recovery user".to_owned(),
        Actor::Service => "The service".to_owned(),
    };
    let whom = entry.user.map_or_else(|| "somebody".to_owned(), name);
    if entry.kind.starts_with("case.") {
        return of_case(entry, &doer, &whom);
    }
    if entry.kind.starts_with("transfer.") {
        return of_transfer(entry, &doer, &whom, &name);
    }
    if entry.kind.starts_with("policy.") {
        return of_policy(entry, &doer);
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
            None => format!("{doer} renamed the account."),
        },
        "account.suspended" => format!("{doer} suspended the account."),
        "account.resumed" => format!("{doer} resumed the account."),
        "account.closing" => match moment(entry, "until") {
            Some(until) => format!("{doer} began to close the account. It is closed on {}.", when(until)),
            None => format!("{doer} began to close the account."),
        },
        "account.kept" if entry.case.is_some() => "A recovery ended the closing of the account.".to_owned(),
        "account.kept" => format!("{doer} undid the closing of the account."),
        "account.closed" => "The account was closed.".to_owned(),
        "child.created" => match view.values.get("child_name") {
            Some(name) => format!("{doer} created {} below the account.", plain_text::name(name)),
            None => format!("{doer} created an account below this one."),
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
            None => format!("{whom} changed their name."),
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
        _ => of_recovery_user(view, &doer),
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

fn of_policy(entry: &Entry, doer: &str) -> String {
    match entry.kind.as_str() {
        "policy.changed" if entry.actor == Actor::Service => {
            "The change of the policy that waited is in force.".to_owned()
        }
        "policy.changed" => format!("{doer} changed the recovery policy."),
        "policy.change_proposed" => match moment(entry, "effective_at") {
            Some(at) => format!("{doer} wants to change the recovery policy, from {}.", when(at)),
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
    let whom = view.values.get("recovery_user_name").map_or_else(|| "somebody".to_owned(), |it| plain_text::name(it));
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

fn of_transfer(entry: &Entry, doer: &str, whom: &str, name: &impl Fn(UserId) -> String) -> String {
    let from = named(entry, "from").map_or_else(|| "somebody".to_owned(), name);
    match entry.kind.as_str() {
        "transfer.offered" => {
            let until = moment(entry, "expires_at").map_or_else(|| "a later date".to_owned(), when);
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

fn of_case(entry: &Entry, doer: &str, whom: &str) -> String {
    let due = moment(entry, "due_at").map_or_else(|| "a later date".to_owned(), when);
    let approvals = || {
        let approvals = count(number(entry, "approvals"), "approval");
        match entry.data.get("keys").and_then(Value::as_i64) {
            Some(keys) if number(entry, "approvals") == 0 => count(keys, "paper key"),
            Some(keys) => format!("{} and {approvals}", count(keys, "paper key")),
            None => approvals,
        }
    };
    match entry.kind.as_str() {
        "case.opened" => format!("{doer} opened a recovery case that would make {whom} owner."),
        "case.ballot_cast" => format!("{whom} {}.", voted(entry)),
        "case.ballot_taken_back" => format!("{whom} took their ballot back."),
        "case.ballot_lost" if entry.actor.person() == entry.user => {
            format!("{whom} left the administrators, and has no ballot any more.")
        }
        "case.ballot_lost" => format!("{doer}, an owner, removed {whom}, who has no ballot any more."),
        "case.key_redeemed" => format!(
            "A recovery user redeemed a paper key: {} of {}.",
            number(entry, "keys"),
            number(entry, "keys_required")
        ),
        "case.key_lost" => {
            format!("{doer}, an owner, removed a recovery user, whose paper key does not count any more.")
        }
        "case.accepted" => format!("{whom} said that they would become owner."),
        "case.quorum_reached" => format!(
            "{} made the quorum. The waiting period began: ownership changes on {due}, unless an owner objects.",
            approvals()
        ),
        "case.fell_short" => format!(
            "Only {} of the {} needed were left, so the waiting period ended and the case collects ballots again.",
            approvals(),
            number(entry, "required")
        ),
        "case.paused" => format!("{doer} paused the case. Ownership changes on {due} at the earliest."),
        "case.resumed" => format!("The pause ended. Ownership changes on {due}, unless an owner objects."),
        "case.extended" => {
            format!("The case was due, but {}. It waits once more, until {due}.", unreached(entry))
        }
        "case.reminded" => "Those who have not voted were reminded by mail.".to_owned(),
        "case.owners_reminded" => format!("The owners were reminded by mail that ownership changes on {due}."),
        "case.completed" => {
            let notice = match text(entry, "notice") {
                Some("missing") => format!(" It did so although {}, for which it had waited longer.", unreached(entry)),
                Some(_) | None => String::new(),
            };
            format!("Ownership changed: {whom} owns the account, by {}.{notice}", approvals())
        }
        "case.vetoed" => format!("{doer} vetoed the case. Ownership stays as it is."),
        "case.rejected" => format!("The case was rejected: {}.", reason(text(entry, "reason"))),
        "case.expired" => "The time ended before enough had agreed, and the case expired.".to_owned(),
        "case.withdrawn" => format!("{doer} withdrew the case."),
        other => unknown(doer, other),
    }
}

/// What became of the warning to the owners whom it did not reach in time.
fn unreached(entry: &Entry) -> &'static str {
    let owners = entry.data.get("unreached").and_then(Value::as_array);
    let said = |word: &str| {
        owners.is_some_and(|owners| owners.iter().any(|owner| owner.get("why").and_then(Value::as_str) == Some(word)))
    };
    if said("bounced") {
        "the warning to an owner had come back undelivered"
    } else if said("undeliverable") {
        "the mail server of an owner had refused the warning"
    } else {
        "the warning had not reached the mail server of every owner in time"
    }
}

/// An entry of a later version, whose kind is not known here: its name is better than silence.
fn unknown(doer: &str, kind: &str) -> String {
    format!("{doer}: {}.", plain_text::name(kind))
}

fn voted(entry: &Entry) -> String {
    let verb = match (text(entry, "before"), text(entry, "choice")) {
        (None, Some("approve")) => "approved",
        (None, _) => "rejected",
        (Some(_), Some("approve")) => "changed their ballot: they approve now",
        (Some(_), _) => "changed their ballot: they reject now",
    };
    let way = match text(entry, "way") {
        Some("mail_link") => ", through the link in their mail",
        Some("plain_mail") => ", by e-mail",
        Some("passkey") => ", signed with a passkey",
        Some(_) | None => ", signed in",
    };
    format!("{verb}{way}")
}

fn reason(reason: Option<&str>) -> &'static str {
    match reason {
        Some("out_of_reach") => "so many voted against it that it could no longer get enough approvals",
        Some("fell_short") => "the approvals fell short after the time to vote had ended",
        Some("nominee_unfit") => "the nominee was no longer a confirmed, active member",
        Some("owners_changed") => "the owners were no longer those on whom people voted",
        Some("declined") => "the nominee did not want to become owner",
        Some("superseded") => "another case of the account completed first",
        Some(_) | None => "it could not succeed any more",
    }
}

fn text<'e>(entry: &'e Entry, name: &str) -> Option<&'e str> {
    entry.data.get(name).and_then(Value::as_str)
}

fn number(entry: &Entry, name: &str) -> i64 {
    entry.data.get(name).and_then(Value::as_i64).unwrap_or_default()
}

fn moment(entry: &Entry, name: &str) -> Option<Moment> {
    text(entry, name)?.parse().ok()
}
