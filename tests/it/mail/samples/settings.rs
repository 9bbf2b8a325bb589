//! Mails about the policy, about joining by e-mail domain, about single sign-on, about recovery users, and about webhooks.

use quorate::{
    mail::{
        facts::{DomainEvent, PolicyEvent, PolicyWait},
        message::Message,
        paper_key_news::PaperKeyNews,
        recovery_user_news::RecoveryUserNews,
        sign_in_facts::SignOnNews,
        webhook_news::WebhookNews,
    },
    ownership::key_reminder::Reminder,
    ownership::preset::Presets,
    recovery::policy::{BallotWay, Policy},
};

use super::{account, at, id, person};
use crate::harness::world::hours;

pub fn samples() -> Vec<(String, Message)> {
    let keys = recovery_users().into_iter().chain(paper_keys());
    policies().into_iter().chain(domains()).chain(sign_on()).chain(keys).chain(webhooks()).collect()
}

fn webhooks() -> Vec<(String, Message)> {
    let webhook = |name: &str, news: WebhookNews, by: bool, receivers: &[&str]| {
        let receivers = receivers.iter().map(|host| (*host).to_owned()).collect();
        let (by, at) = (by.then(|| person("Owner One")), at("2026-11-24T09:30:00Z"));
        let message = Message::WebhookChanged { account: account(), receivers, news, by, at };
        (format!("webhook_changed-{name}"), message)
    };
    let until = at("2026-11-25T09:30:00Z");
    let one = &["hooks.example.org"][..];
    vec![
        webhook("added", WebhookNews::Added, true, one),
        webhook("removed", WebhookNews::Removed, true, one),
        webhook("secret", WebhookNews::SecretReplaced { both_until: Some(until) }, true, one),
        webhook("secret_after_recovery", WebhookNews::SecretReplaced { both_until: None }, true, one),
        webhook("off", WebhookNews::TurnedOff, true, one),
        webhook("on", WebhookNews::TurnedOn, true, one),
        webhook("failed", WebhookNews::Failed { since: at("2026-11-19T09:30:00Z") }, false, one),
        webhook("gone", WebhookNews::Gone, false, one),
        webhook("recovered", WebhookNews::Recovered, false, &["hooks.example.org", "hooks.example.net:8443"]),
    ]
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

fn recovery_users() -> Vec<(String, Message)> {
    let (one, two) = (|| "rita@example.net".to_owned(), || "rita@example.com".to_owned());
    let news = |name: &str, news: RecoveryUserNews, by: bool| {
        let by = by.then(|| person("Owner One"));
        let (account, name, at) = (account(), format!("recovery_user_changed-{name}"), at("2026-11-24T09:30:00Z"));
        let (user, addresses) = ("Rita Rossi".to_owned(), vec![one(), two()]);
        (name, Message::RecoveryUserChanged { account, name: user, addresses, news, by, at })
    };
    let expires_at = at("2026-12-08T09:30:00Z");
    let request = Message::RecoveryRequest { account: account(), by: person("Owner One"), code: id(3), expires_at };
    vec![
        ("recovery_request".to_owned(), request),
        news("added", RecoveryUserNews::Added { until: expires_at }, true),
        news("confirmed", RecoveryUserNews::Confirmed { address: one(), all: false }, false),
        news("confirmed_all", RecoveryUserNews::Confirmed { address: two(), all: true }, false),
        news("removed", RecoveryUserNews::Removed, true),
    ]
}

fn paper_keys() -> Vec<(String, Message)> {
    let number = || "7K2M-9QXT".to_owned();
    let holder = || "Rita Rossi".to_owned();
    let news = |name: &str, news: PaperKeyNews, by: bool| {
        let (account, by, at) = (account(), by.then(|| person("Owner One")), at("2026-11-24T09:30:00Z"));
        (format!("paper_key_changed-{name}"), Message::PaperKeyChanged { account, news, by, at })
    };
    let reminder =
        |name: &str, of| news(name, PaperKeyNews::Reminder { holder: holder(), number: number(), of }, false);
    let issued = |expires_at, before| PaperKeyNews::Issued { holder: holder(), number: number(), expires_at, before };
    vec![
        news("issued", issued(Some(at("2028-11-24T09:30:00Z")), None), true),
        news("replaced", issued(None, Some("3H8P-04WZ".to_owned())), true),
        news("revoked", PaperKeyNews::Revoked { holder: holder(), number: number() }, true),
        news("drilled", PaperKeyNews::Drilled { holder: holder(), number: number() }, false),
        news("presented", PaperKeyNews::Presented { holder: holder(), number: number() }, false),
        news("refused", PaperKeyNews::Refused { tries: 3 }, false),
        reminder("reminder_drill", Reminder::Drill { since: at("2026-05-24T09:30:00Z") }),
        reminder("reminder_old", Reminder::GetsOld { at: at("2026-12-24T09:30:00Z") }),
        reminder("reminder_expires", Reminder::Expires { at: at("2026-12-24T09:30:00Z") }),
        news("recovered", PaperKeyNews::Recovered { keys: 2 }, false),
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
