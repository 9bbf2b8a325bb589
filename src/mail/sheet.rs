//! For each kind of mail, the words that its templates print. Every string here is safe to print (`plain_text`, `wording`).

use super::{
    case_wording::{self, CaseView},
    code_wording, domain_wording,
    facts::{AccountFacts, NewOwnership, Wanting},
    message::Message,
    paper_key_news, passkey_wording, password_wording, plain_text, policy_news, policy_wording, recovery_user_news,
    refused_wording,
    render::{Head, Reveal},
    roster_wording,
    sheets::{
        AccountStatus, AdministratorEmailChanged, BallotReceipt, BallotReminder, BallotRequest, CaseOutcome,
        CredentialChanged, DigestSwitched, DomainChanged, DrillCode, EmailChanged, EmailCode, EmailConfirmed,
        EmailTaken, Invitation, KeyCaseNews, KeyCode, LinkCode, MailRefused, MemberCredentialChanged, MemberJoined,
        NewOwnerWelcome, Nomination, OwnerAlert, OwnersChanged, PolicyChanged, ProofCode, ReadinessDigest,
        RecoveryRequest, RecoveryUserChanged, ReplacedOwner, Result, RosterChanged, SignInCode, SignOn, TransferAlert,
        TransferRequest, WebhookChanged,
    },
    sign_in_wording, sign_on_wording, status_wording, transfer_wording, webhook_news,
    wording::{actor, count, people, person, sentence},
};
use crate::recovery::policy::Switch;

#[expect(clippy::too_many_lines, reason = "one arm for each kind of mail, and nothing but its fields")]
pub(super) fn write(message: &Message, head: &Head, reveal: &dyn Reveal) -> Result {
    let account_page = |account: &AccountFacts| format!("{}/accounts/{}", head.url, account.id);
    let zone = &head.zone;
    match message {
        Message::SignInCode { code, minutes } => {
            let (valid, link) = (count((*minutes).into(), "minute"), reveal.sign_in_link(*code));
            SignInCode { code: reveal.code(*code), link, valid }.write(head)
        }
        Message::ProofCode { code, minutes, what } => {
            let valid = count((*minutes).into(), "minute");
            ProofCode { code: reveal.code(*code), valid, what: code_wording::proof_for(*what) }.write(head)
        }
        Message::LinkCode { code, minutes, what, account } => LinkCode {
            code: reveal.code(*code),
            valid: count((*minutes).into(), "minute"),
            what: code_wording::code_for(*what),
            account: plain_text::name(&account.name),
        }
        .write(head),
        Message::DrillCode { code, minutes, account, number } => DrillCode {
            code: reveal.code(*code),
            valid: count((*minutes).into(), "minute"),
            account: plain_text::name(&account.name),
            number: plain_text::name(number),
        }
        .write(head),
        Message::KeyCode { code, minutes, account, number } => KeyCode {
            code: reveal.key_code(*code),
            valid: count((*minutes).into(), "minute"),
            account: plain_text::name(&account.name),
            number: plain_text::name(number),
        }
        .write(head),
        Message::Nomination { case, link } => {
            Nomination { case: CaseView::of(case, zone), link: reveal.link(*link) }.write(head)
        }
        Message::Invitation { account, inviter, role, invitee, link } => Invitation {
            account: plain_text::name(&account.name),
            inviter: inviter.as_ref().map(person),
            role: plain_text::name(role),
            invitee: *invitee,
            link: reveal.link(*link),
        }
        .write(head),
        Message::BallotRequest { case, link, answer, address_changed } => BallotRequest {
            url: case_page(head, case.id),
            case: CaseView::of(case, zone),
            link: link.map(|id| reveal.link(id)),
            answer: answer.and_then(|id| reveal.answer_address(id)),
            held: address_changed.map(|at| case_wording::signed_in_only(at, zone)),
        }
        .write(head),
        Message::BallotReminder { case, link, answer, address_changed } => BallotReminder {
            url: case_page(head, case.id),
            case: CaseView::of(case, zone),
            link: link.map(|id| reveal.link(id)),
            answer: answer.and_then(|id| reveal.answer_address(id)),
            held: address_changed.map(|at| case_wording::signed_in_only(at, zone)),
        }
        .write(head),
        Message::BallotReceipt { case, act, at, link } => BallotReceipt {
            url: case_page(head, case.id),
            case: CaseView::of(case, zone),
            act: case_wording::recorded(*act),
            at: zone.when(*at),
            link: reveal.link(*link),
        }
        .write(head),
        Message::RosterChanged { account, reader, event, person: concerned, by, at, standing, contest } => {
            RosterChanged {
                account: plain_text::name(&account.name),
                url: account_page(account),
                headline: roster_wording::headline(*event, *reader),
                told: roster_wording::told(*event, concerned, by),
                at: zone.when(*at),
                meaning: roster_wording::meaning(standing, concerned, *reader, zone),
                advice: roster_wording::advice(standing, *reader),
                contest: contest.map(|id| reveal.link(id)),
            }
            .write(head)
        }
        Message::OwnerAlert { case, event, at, pause } => OwnerAlert {
            url: case_page(head, case.id),
            case: CaseView::of(case, zone),
            headline: case_wording::headline(event, zone),
            told: case_wording::told(event, case, zone),
            advice: case_wording::for_owner(event, case),
            at: zone.when(*at),
            pause: pause.map(|id| reveal.link(id)),
        }
        .write(head),
        Message::CaseOutcome { case, event, at } => CaseOutcome {
            url: case_page(head, case.id),
            case: CaseView::of(case, zone),
            headline: case_wording::headline(event, zone),
            told: case_wording::told(event, case, zone),
            advice: case_wording::for_administrator(event),
            at: zone.when(*at),
        }
        .write(head),
        Message::KeyCaseNews { case, event, reader, at, link } => KeyCaseNews {
            case: CaseView::of(case, zone),
            headline: case_wording::headline(event, zone),
            told: case_wording::told(event, case, zone),
            advice: case_wording::for_key_reader(*reader, event),
            why: case_wording::why_told(*reader),
            at: zone.when(*at),
            link: link.map(|id| reveal.link(id)),
        }
        .write(head),
        Message::OwnersChanged { account, added, removed, primary, by, at } => {
            let concerned = removed.first().or_else(|| added.first()).or(primary.as_ref());
            OwnersChanged {
                account: plain_text::name(&account.name),
                url: account_page(account),
                added: (!added.is_empty()).then(|| people(added)),
                removed: (!removed.is_empty()).then(|| people(removed)),
                primary: primary.as_ref().map(person),
                by: concerned.map_or_else(String::new, |who| sentence(&actor(by, who))),
                at: zone.when(*at),
            }
            .write(head)
        }
        Message::AccountStatus { account, news, by, at } => AccountStatus {
            account: plain_text::name(&account.name),
            url: account_page(account),
            headline: status_wording::headline(*news),
            told: status_wording::told(*news, by.as_ref()),
            meaning: status_wording::meaning(*news, zone),
            advice: status_wording::advice(*news),
            at: zone.when(*at),
        }
        .write(head),
        Message::TransferRequest { account, from, at, expires_at, link } => TransferRequest {
            account: plain_text::name(&account.name),
            from: person(from),
            at: zone.when(*at),
            expires: zone.when(*expires_at),
            link: reveal.link(*link),
        }
        .write(head),
        Message::TransferAlert { account, reader, event, from, to, at } => TransferAlert {
            account: plain_text::name(&account.name),
            url: account_page(account),
            headline: transfer_wording::headline(event),
            told: transfer_wording::told(event, from, to, zone),
            advice: transfer_wording::advice(event, *reader),
            from: person(from),
            to: person(to),
            at: zone.when(*at),
            why: transfer_wording::why(*reader),
        }
        .write(head),
        Message::NewOwnerWelcome { account, how, at, enrol } => NewOwnerWelcome {
            account: plain_text::name(&account.name),
            url: account_page(account),
            how: transfer_wording::how_owned(how),
            recovered: match how {
                NewOwnership::Recovered(case) => Some(CaseView::of(case, zone)),
                NewOwnership::Granted { .. } | NewOwnership::Transferred { .. } | NewOwnership::First => None,
            },
            at: zone.when(*at),
            enrol: enrol.map(|id| reveal.link(id)),
        }
        .write(head),
        Message::EmailCode { code, minutes } => {
            EmailCode { code: reveal.code(*code), valid: count((*minutes).into(), "minute") }.write(head)
        }
        Message::MailRefused { account, case, why, at } => MailRefused {
            url: match (case, account) {
                (Some(case), _) => case_page(head, *case),
                (None, Some(account)) => account_page(account),
                (None, None) => head.url.clone(),
            },
            account: account.as_ref().map(|account| plain_text::name(&account.name)),
            why: refused_wording::why(why, zone),
            at: zone.when(*at),
        }
        .write(head),
        Message::EmailTaken { at } => EmailTaken { at: zone.when(*at) }.write(head),
        Message::EmailChanged { address, at } => {
            EmailChanged { address: plain_text::address(address), at: zone.when(*at) }.write(head)
        }
        Message::EmailConfirmed { address, at } => {
            EmailConfirmed { address: plain_text::address(address), at: zone.when(*at) }.write(head)
        }
        Message::AdministratorEmailChanged { account, person: who, before, at, until } => AdministratorEmailChanged {
            account: plain_text::name(&account.name),
            url: account_page(account),
            person: person(who),
            before: plain_text::address(before),
            at: zone.when(*at),
            until: zone.when(*until),
        }
        .write(head),
        Message::PasskeyChanged { name, news, at } => CredentialChanged {
            headline: passkey_wording::headline(*news),
            told: passkey_wording::told(&plain_text::name(name), *news),
            means: passkey_wording::meaning(*news, zone),
            advice: passkey_wording::advice(*news),
            url: format!("{}/me", head.url),
            at: zone.when(*at),
        }
        .write(head),
        Message::MemberPasskeyChanged { account, person: who, news, at } => MemberCredentialChanged {
            account: plain_text::name(&account.name),
            url: account_page(account),
            headline: passkey_wording::headline_for_owners(*news),
            person: person(who),
            told: passkey_wording::told_to_owners(*news),
            means: passkey_wording::meaning_for_owners(*news, zone),
            at: zone.when(*at),
        }
        .write(head),
        Message::PasswordChanged { news, at } => CredentialChanged {
            headline: password_wording::headline(*news),
            told: password_wording::told(*news).to_owned(),
            means: password_wording::meaning(*news, zone),
            advice: password_wording::advice(*news),
            url: format!("{}/me", head.url),
            at: zone.when(*at),
        }
        .write(head),
        Message::MemberPasswordChanged { account, person: who, news, at } => MemberCredentialChanged {
            account: plain_text::name(&account.name),
            url: account_page(account),
            headline: password_wording::headline_for_owners(*news),
            person: person(who),
            told: password_wording::told_to_owners(*news),
            means: password_wording::meaning_for_owners(*news, zone),
            at: zone.when(*at),
        }
        .write(head),
        Message::SignedIn { way, at } => CredentialChanged {
            headline: sign_in_wording::HEADLINE,
            told: sign_in_wording::told(*way).to_owned(),
            means: Some(sign_in_wording::MEANING.to_owned()),
            advice: sign_in_wording::advice(*way),
            url: format!("{}/me", head.url),
            at: zone.when(*at),
        }
        .write(head),
        Message::ReplacedOwner { case, at } => {
            ReplacedOwner { case: CaseView::of(case, zone), at: zone.when(*at) }.write(head)
        }
        Message::ReadinessDigest { account, score, wanting, at } => ReadinessDigest {
            account: plain_text::name(&account.name),
            url: format!("{}/readiness", account_page(account)),
            score: *score,
            wanting: wanting.iter().map(in_sentences).collect(),
            at: zone.when(*at),
        }
        .write(head),
        Message::DigestSwitched { account, wanted, by, at } => DigestSwitched {
            account: plain_text::name(&account.name),
            url: format!("{}/readiness", account_page(account)),
            state: match wanted {
                Switch::On => "on",
                Switch::Off => "off",
            },
            by: person(by),
            at: zone.when(*at),
        }
        .write(head),
        Message::PolicyChanged { account, event, by, at, old, new, replaces } => PolicyChanged {
            account: plain_text::name(&account.name),
            url: format!("{}/policy", account_page(account)),
            headline: policy_news::headline(event),
            told: [
                policy_news::told(event, by.as_ref(), zone).as_str(),
                if *replaces { policy_news::REPLACES } else { "" },
            ]
            .concat(),
            lines: policy_wording::changes(old, new).iter().map(policy_news::line).collect(),
            advice: policy_news::advice(event),
            button: policy_news::button(event),
            at: zone.when(*at),
        }
        .write(head),
        Message::DomainChanged { account, domain, event, by, at } => DomainChanged {
            account: plain_text::name(&account.name),
            url: format!("{}/settings", account_page(account)),
            headline: domain_wording::headline(event),
            told: domain_wording::told(event, domain, by.as_ref()),
            at: zone.when(*at),
        }
        .write(head),
        Message::SignOn { account, news, by, at } => SignOn {
            account: plain_text::name(&account.name),
            url: sign_on_wording::page(news, &account_page(account), &head.url),
            headline: sign_on_wording::headline(news),
            told: sign_on_wording::told(news, by),
            advice: sign_on_wording::advice(news),
            button: sign_on_wording::button(news),
            why: sign_on_wording::why(news),
            at: zone.when(*at),
        }
        .write(head),
        Message::RecoveryRequest { account, by, code, expires_at } => RecoveryRequest {
            account: plain_text::name(&account.name),
            by: person(by),
            expires: zone.when(*expires_at),
            link: reveal.recovery_link(*code),
        }
        .write(head),
        Message::RecoveryUserChanged { account, name, addresses, news, by, at } => RecoveryUserChanged {
            account: plain_text::name(&account.name),
            url: format!("{}/recovery-users", account_page(account)),
            headline: recovery_user_news::headline(news),
            told: recovery_user_news::told(news, name, addresses, by.as_ref()),
            meaning: recovery_user_news::meaning(news, zone),
            advice: recovery_user_news::UNEXPECTED,
            at: zone.when(*at),
        }
        .write(head),
        Message::PaperKeyChanged { account, news, by, at } => RecoveryUserChanged {
            account: plain_text::name(&account.name),
            url: format!("{}/recovery-users", account_page(account)),
            headline: paper_key_news::headline(news),
            told: paper_key_news::told(news, by.as_ref(), zone),
            meaning: paper_key_news::meaning(news, zone),
            advice: paper_key_news::advice(news),
            at: zone.when(*at),
        }
        .write(head),
        Message::WebhookChanged { account, receivers, news, by, at } => WebhookChanged {
            account: plain_text::name(&account.name),
            url: format!("{}/settings/webhooks", account_page(account)),
            headline: webhook_news::headline(news),
            told: webhook_news::told(news, receivers, by.as_ref(), zone),
            meaning: webhook_news::meaning(news, zone),
            advice: webhook_news::advice(news),
            at: zone.when(*at),
        }
        .write(head),
        Message::MemberJoined { account, person: joined, domain, role, at } => MemberJoined {
            account: plain_text::name(&account.name),
            url: account_page(account),
            name: plain_text::name(&joined.name),
            person: person(joined),
            domain: plain_text::name(domain),
            role: plain_text::name(role),
            at: zone.when(*at),
        }
        .write(head),
    }
}

fn case_page(head: &Head, case: crate::id::CaseId) -> String {
    format!("{}/cases/{case}", head.url)
}

fn in_sentences(wanting: &Wanting) -> Wanting {
    Wanting { what: sentence(&wanting.what), remedy: sentence(&wanting.remedy) }
}
