//! Mails about the policy, about joining by e-mail domain, and about single sign-on.

use quorate::{
    mail::{
        facts::{DomainEvent, PolicyEvent, PolicyWait},
        message::Message,
        sign_in_facts::SignOnNews,
    },
    ownership::preset::Presets,
    recovery::policy::{BallotWay, Policy},
};

use super::{account, at, person};
use crate::harness::world::hours;

pub fn samples() -> Vec<(String, Message)> {
    policies().into_iter().chain(domains()).chain(sign_on()).collect()
}

fn policies() -> Vec<(String, Message)> {
    let effective_at = at("2026-11-27T09:30:00Z");
    let waits_for = vec![PolicyWait::Loosens, PolicyWait::CaseOpen];
    let policy = |name: &str, event: PolicyEvent, by: bool, replaces: bool| {
        let old = Presets::built_in().unwrap().get("recommended").unwrap().policy.clone();
        let mut ballots = old.ballots.clone();
        ballots.insert(BallotWay::MailLink);
        let new = Policy { waiting_period: hours(36), min_approvals: 3, ballots, ..old.clone() };
        let (old, new) = (Box::new(old), Box::new(new));
        let by = by.then(|| person("Owner One"));
        let at = at("2026-11-24T09:30:00Z");
        let message = Message::PolicyChanged { account: account(), event, by, at, old, new, replaces };
        (format!("policy_changed-{name}"), message)
    };
    vec![
        policy("changed", PolicyEvent::Changed, true, true),
        policy("proposed", PolicyEvent::Proposed { effective_at, waits_for }, true, false),
        policy("cancelled", PolicyEvent::Cancelled, true, false),
        policy("cancelled_with_its_owner", PolicyEvent::Cancelled, false, false),
        policy("took_effect", PolicyEvent::TookEffect { proposed_at: at("2026-11-21T09:30:00Z") }, true, false),
    ]
}

fn sign_on() -> Vec<(String, Message)> {
    let provider = || "id.acme.example".to_owned();
    let news = |name: &str, news: SignOnNews| {
        let (by, at) = (person("Owner One"), at("2026-11-24T09:30:00Z"));
        (format!("sign_on-{name}"), Message::SignOn { account: account(), news, by, at })
    };
    vec![
        news("set_up", SignOnNews::SetUp { provider: provider() }),
        news("changed", SignOnNews::Changed { provider: provider() }),
        news("removed", SignOnNews::Removed),
        news("first", SignOnNews::First { provider: provider() }),
    ]
}

fn domains() -> Vec<(String, Message)> {
    let role = || "User".to_owned();
    let domain = |name: &str, event: DomainEvent, by: bool| {
        let by = by.then(|| person("Owner One"));
        let (at, domain) = (at("2026-11-24T09:30:00Z"), "acme.example".to_owned());
        (format!("domain_changed-{name}"), Message::DomainChanged { account: account(), domain, event, by, at })
    };
    vec![
        domain("added", DomainEvent::Added { role: role() }, true),
        domain("role_changed", DomainEvent::RoleChanged { role: role() }, true),
        domain("proven", DomainEvent::Proven { role: role() }, true),
        domain("lapsed", DomainEvent::Lapsed, false),
        domain("removed", DomainEvent::Removed, true),
        (
            "member_joined".to_owned(),
            Message::MemberJoined {
                account: account(),
                person: person("Nominee One"),
                domain: "acme.example".to_owned(),
                role: role(),
                at: at("2026-11-24T09:30:00Z"),
            },
        ),
    ]
}
