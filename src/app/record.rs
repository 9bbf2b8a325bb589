//! How events of a case, and edits of the policy, stand in the activity log.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    activity::{entry::Draft, personal::MAIL},
    inbound::kept::{CHECKED, Claim, Kept},
    moment::Moment,
    ownership::{actor::Actor, policy_change::Comparison},
    recovery::{
        case::Case,
        event::{Event, NoticeGiven},
        policy::{BallotWay, Policy},
        terms::Route,
    },
};

/// The entry for an edit of the policy: what changes, which way it goes, and the whole policy as it is to be.
#[must_use]
pub fn policy_entry(kind: &'static str, actor: Actor, old: &Policy, new: &Policy) -> Draft {
    let changes = Comparison::of(old, new).changes;
    let changes: Vec<_> = changes.iter().map(|change| json!({"field": change.field, "way": change.way})).collect();
    Draft::new(kind, actor).with("changes", changes).with("policy", json!(new))
}

/// The entry for an event of a case.
#[must_use]
pub fn case_event(case: &Case, event: &Event, actor: Actor) -> Draft {
    let draft = Draft::new(event.name(), actor).case(case.id());
    let count = case.count();
    match event {
        Event::Opened => opened(case, draft),
        Event::BallotCast { elector, choice, way, before, signature } => {
            let draft = draft
                .user(*elector)
                .with("choice", json!(choice))
                .with("way", json!(way))
                .with("before", json!(before))
                .with("terms_hash", case.terms_hash.to_string());
            // The entry covers the signature, which is kept beside the ballot.
            match signature {
                Some(signature) => draft.with("signature", signature.to_string()),
                None => draft,
            }
        }
        Event::BallotTakenBack { elector } | Event::BallotLost { elector } => draft.user(*elector),
        Event::KeyRedeemed { by, key } => keys(case, draft)
            .with("recovery_user", json!(by))
            .with("key", json!(key))
            .with("terms_hash", case.terms_hash.to_string())
            // Whose ballot adds nothing to it. Said also where it is nobody's, by which it is known from an entry that does not say.
            .with("member", json!(case.redeemed.get(by).and_then(|redeemed| redeemed.member))),
        Event::KeyLost { of } => keys(case, draft).with("recovery_user", json!(of)),
        Event::Accepted => draft.user(case.terms.nominee.id),
        Event::QuorumReached { quorum, due_at } => keys(case, draft)
            .with("approvals", quorum.approvals())
            .with("required", case.terms.required)
            .with("due_at", json!(due_at)),
        Event::FellShort => keys(case, draft).with("approvals", count.approvals).with("required", case.terms.required),
        Event::Paused { until, due_at, .. } => draft.with("until", json!(until)).with("due_at", json!(due_at)),
        Event::Resumed { due_at } | Event::Extended { due_at } | Event::OwnersReminded { due_at } => {
            draft.with("due_at", json!(due_at))
        }
        Event::Completed { quorum, notice } => keys(case, draft)
            .user(case.terms.nominee.id)
            .owners(BTreeSet::from([case.terms.nominee.id]), case.terms.removed_owners())
            .with("approvals", quorum.approvals())
            .with("terms_hash", case.terms_hash.to_string())
            .with(
                "notice",
                match notice {
                    NoticeGiven::InTime => "in_time",
                    NoticeGiven::Missing => "missing",
                },
            ),
        Event::Rejected { reason } => draft.with("reason", json!(reason)),
        Event::Reminded | Event::Vetoed { .. } | Event::Expired | Event::Withdrawn => draft,
    }
}

/// With what is kept of the mail that a ballot came in, where it proves it: the mail as a personal value, and beside it how it was
/// checked. The entry covers both.
#[must_use]
pub fn with_mail(draft: Draft, case: &Case, event: &Event, at: Moment, mail: Option<&Kept>) -> Draft {
    let (Event::BallotCast { elector, choice, way: BallotWay::PlainMail, .. }, Some(mail)) = (event, mail) else {
        return draft;
    };
    let claim = Claim { terms: &case.terms, opener: case.opener, elector: *elector, choice: *choice, at };
    if mail.proves(claim).is_none() {
        return draft;
    }
    draft.with(CHECKED, json!(mail.checked())).personal(MAIL, mail.mail())
}

/// How many paper keys count, where they decide.
fn keys(case: &Case, draft: Draft) -> Draft {
    match case.terms.route {
        Route::Vote => draft,
        Route::Keys => draft.with("keys", case.count().keys).with("keys_required", case.terms.keys_required()),
    }
}

fn opened(case: &Case, draft: Draft) -> Draft {
    let terms = &case.terms;
    let draft = keys(case, draft)
        .user(terms.nominee.id)
        .with("kind", json!(terms.kind))
        .with("terms_hash", case.terms_hash.to_string())
        .with("electorate", json!(terms.electorate))
        .with("required", terms.required)
        .personal("nominee_name", terms.nominee.name.clone())
        .personal("nominee_email", terms.nominee.email.clone())
        .personal("statement", terms.statement.clone());
    if terms.signed_in_only.is_empty() { draft } else { draft.with("signed_in_only", json!(terms.signed_in_only)) }
}
