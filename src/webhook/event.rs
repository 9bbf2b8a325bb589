//! What webhooks say: which entries of the activity log are told, under which type, and with which of their values.
//!
//! The types are public, and stay what they are. A webhook holds ids and moments, no name, address or statement, and no secret:
//! whoever needs more asks the API, with rights of their own.

use serde_json::{Map, Value, json};

use crate::{
    activity::entry::Entry,
    id::{AccountId, DeliveryId},
    moment::Moment,
};

/// The type of the webhook that an owner sends to try an endpoint.
pub const TEST: &str = "webhook.test";

/// Whether an entry is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// It is.
    As {
        /// The type.
        public: &'static str,
        /// Which of the entry's own values come along.
        values: &'static [&'static str],
    },
    /// It is not.
    Untold,
}

/// One kind of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Its name in the log.
    pub kind: &'static str,
    /// Whether it is told.
    pub telling: Telling,
}

macro_rules! kinds {
    ($($kind:literal => $telling:tt;)*) => { &[$(Row { kind: $kind, telling: kinds!(@ $telling) }),*] };
    (@ untold) => { Telling::Untold };
    (@ ($public:literal $($value:literal)*)) => { Telling::As { public: $public, values: &[$($value),*] } };
}

/// Every kind of entry that the service writes, in the order of the alphabet.
///
/// Ballots are not told: how somebody votes is for those who may read the case, and what comes of the count is told. Passwords and
/// passkeys are the person's own, and how people sign in concerns nobody outside.
pub const KINDS: &[Row] = kinds! {
    "account.activated" => ("account.activated");
    "account.closed" => ("account.closed");
    "account.closing" => ("account.closing" "until");
    "account.created" => ("account.created" "preset");
    "account.kept" => ("account.kept");
    "account.renamed" => ("account.renamed");
    "account.resumed" => ("account.resumed");
    "account.suspended" => ("account.suspended");
    "case.accepted" => ("case.nominee_accepted");
    "case.ballot_cast" => untold;
    "case.ballot_lost" => untold;
    "case.ballot_taken_back" => untold;
    "case.completed" => ("case.completed" "terms_hash" "notice");
    "case.expired" => ("case.expired");
    "case.extended" => ("case.extended" "due_at");
    "case.fell_short" => ("case.collecting" "approvals" "required" "keys" "keys_required");
    "case.key_lost" => ("case.key_lost" "recovery_user" "keys" "keys_required");
    "case.key_redeemed" => ("case.key_redeemed" "recovery_user" "keys" "keys_required");
    "case.opened" => ("case.opened" "kind" "terms_hash" "required" "keys" "keys_required");
    "case.owners_reminded" => untold;
    "case.paused" => ("case.paused" "until" "due_at");
    "case.quorum_reached" => ("case.waiting" "approvals" "required" "keys" "keys_required" "due_at");
    "case.rejected" => ("case.rejected" "reason");
    "case.reminded" => untold;
    "case.resumed" => ("case.resumed" "due_at");
    "case.vetoed" => ("case.vetoed");
    "case.withdrawn" => ("case.withdrawn");
    "child.created" => ("child.created" "child");
    "digest.sent" => untold;
    "digest.turned_off" => untold;
    "digest.turned_on" => untold;
    "domain.added" => ("domain.added" "domain" "role");
    "domain.lapsed" => ("domain.lapsed" "domain");
    "domain.proven" => ("domain.proven" "domain");
    "domain.removed" => ("domain.removed" "domain");
    "domain.role_changed" => ("domain.role_changed" "domain" "role");
    "member.accepted" => ("member.accepted");
    "member.address_changed" => ("member.address_changed");
    "member.invited" => ("member.invited" "role");
    "member.joined" => ("member.joined" "role" "domain");
    "member.left" => ("member.left");
    "member.passkey_added" => untold;
    "member.passkey_copied" => untold;
    "member.passkey_removed" => untold;
    "member.password_removed" => untold;
    "member.password_set" => untold;
    "member.removed" => ("member.removed");
    "member.renamed" => ("member.renamed");
    "member.resumed" => ("member.resumed");
    "member.role_changed" => ("member.role_changed" "role");
    "member.suspended" => ("member.suspended");
    "owner.granted" => ("owner.granted" "primary");
    "owner.primary_passed" => ("owner.primary_passed" "primary");
    "owner.revoked" => ("owner.revoked" "primary");
    "paper_key.all_ended" => ("paper_key.all_ended");
    "paper_key.drilled" => ("paper_key.drilled" "paper_key" "recovery_user");
    "paper_key.issued" => ("paper_key.issued" "paper_key" "recovery_user" "replaces");
    "paper_key.presented" => ("paper_key.presented" "paper_key" "recovery_user");
    "paper_key.refused" => ("paper_key.refused" "paper_key" "recovery_user");
    "paper_key.refused_more" => ("paper_key.refused_more" "tries");
    "paper_key.revoked" => ("paper_key.revoked" "paper_key" "recovery_user");
    "personal_values.erased" => untold;
    "policy.change_cancelled" => ("policy.change_cancelled");
    "policy.change_proposed" => ("policy.change_proposed" "effective_at");
    "policy.changed" => ("policy.changed");
    "recovery_user.added" => ("recovery_user.added" "recovery_user");
    "recovery_user.address_confirmed" => ("recovery_user.address_confirmed" "recovery_user");
    "recovery_user.removed" => ("recovery_user.removed" "recovery_user");
    "roster.addition_confirmed" => ("roster.addition_confirmed" "change");
    "roster.removal_confirmed" => ("roster.removal_confirmed" "change");
    "roster.removal_contested" => ("roster.removal_contested" "change");
    "settings.branding_changed" => ("settings.branding_changed");
    "settings.logo_changed" => ("settings.logo_changed");
    "settings.logo_removed" => ("settings.logo_removed");
    "settings.reference_changed" => ("settings.reference_changed");
    "sign_on.changed" => ("sign_on.changed");
    "sign_on.removed" => ("sign_on.removed");
    "sign_on.set_up" => ("sign_on.set_up");
    "sign_on.used" => untold;
    "transfer.accepted" => ("transfer.accepted" "transfer" "from");
    "transfer.cancelled" => ("transfer.cancelled" "transfer" "from" "why");
    "transfer.declined" => ("transfer.declined" "transfer" "from");
    "transfer.expired" => ("transfer.expired" "transfer" "from");
    "transfer.offered" => ("transfer.offered" "transfer" "from" "expires_at");
    "webhook.added" => ("webhook.added" "webhook");
    "webhook.disabled" => ("webhook.disabled" "webhook" "why");
    "webhook.enabled" => ("webhook.enabled" "webhook" "from");
    "webhook.ended" => ("webhook.ended" "webhooks");
    "webhook.removed" => ("webhook.removed" "webhook");
    "webhook.secret_replaced" => ("webhook.secret_replaced" "webhook");
};

/// Whether entries of that kind are told. One that this version does not know is not: a newer one wrote it.
#[must_use]
pub fn telling(kind: &str) -> Telling {
    let found = KINDS.binary_search_by(|row| row.kind.cmp(kind)).ok().and_then(|at| KINDS.get(at));
    found.map_or(Telling::Untold, |row| row.telling)
}

/// A webhook, ready to be signed. The same entry gives the same one, letter by letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Names it, over all attempts and for every endpoint.
    pub id: String,
    /// Its type.
    pub public: &'static str,
    /// What is sent.
    pub body: String,
}

impl Webhook {
    /// What is sent of an entry, if anything.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        let Telling::As { public, values } = telling(&entry.kind) else { return None };
        let mut data = Map::new();
        data.insert("account".to_owned(), json!(entry.account));
        data.insert("seq".to_owned(), json!(entry.seq));
        data.insert("actor".to_owned(), json!(entry.actor));
        let known = [("case", entry.case.map(|case| json!(case))), ("user", entry.user.map(|user| json!(user)))];
        data.extend(known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        if let Some(owners) = &entry.owners {
            data.insert("owners".to_owned(), json!(owners));
        }
        let own = values.iter().filter_map(|name| Some(((*name).to_owned(), entry.data.get(*name)?.clone())));
        data.extend(own);
        let body = json!({"type": public, "timestamp": entry.at, "data": data}).to_string();
        Some(Self { id: format!("{}-{}", entry.account, entry.seq), public, body })
    }

    /// What is sent to try an endpoint.
    #[must_use]
    pub fn test(id: DeliveryId, account: AccountId, at: Moment) -> Self {
        let body: Value = json!({"type": TEST, "timestamp": at, "data": {"account": account}});
        Self { id: id.to_string(), public: TEST, body: body.to_string() }
    }
}
