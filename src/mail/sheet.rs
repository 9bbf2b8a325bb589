//! Fills the templates: for each kind of mail, the words that its three templates print.
//!
//! Every string here is safe to print (`plain_text`, `wording`). The templates are compiled in from `templates/`.

use askama::Template;

use super::{
    case_wording::{self, CaseView},
    code_wording, domain_wording,
    facts::{AccountFacts, Invitee, NewOwnership, Wanting},
    message::Message,
    passkey_wording, password_wording, plain_text, policy_news, policy_wording,
    render::{Head, Reveal},
    roster_wording, sign_on_wording, status_wording, transfer_wording,
    wording::{actor, count, people, person, sentence, when},
};
use crate::recovery::policy::Switch;

/// Subject and bodies as the templates wrote them.
pub(super) struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

type Result = askama::Result<Written>;

macro_rules! sheets {
    ($($name:ident { $($field:ident: $type:ty),* $(,)? } $subject:tt $text:tt $html:tt)*) => {
        $(
            struct $name { $($field: $type),* }

            impl $name {
                fn write(&self, head: &Head) -> Result {
                    #[derive(Template)]
                    #[template(path = $subject, config = "src/mail/templates/askama.toml", escape = "none")]
                    struct Subject<'a> { m: &'a $name }
                    #[derive(Template)]
                    #[template(path = $text, config = "src/mail/templates/askama.toml", escape = "none")]
                    struct Text<'a> { m: &'a $name, head: &'a Head }
                    #[derive(Template)]
                    #[template(path = $html, config = "src/mail/templates/askama.toml", escape = "html")]
                    struct Html<'a> { m: &'a $name, head: &'a Head }
                    Ok(Written {
                        subject: Subject { m: self }.render()?,
                        text: Text { m: self, head }.render()?,
                        html: Html { m: self, head }.render()?,
                    })
                }
            }
        )*
    };
}

sheets! {
    SignInCode { code: String, link: String, valid: String }
        "sign_in_code/subject.txt" "sign_in_code/body.txt" "sign_in_code/body.html"
    ProofCode { code: String, valid: String, what: &'static str }
        "proof_code/subject.txt" "proof_code/body.txt" "proof_code/body.html"
    LinkCode { code: String, valid: String, what: &'static str, account: String }
        "link_code/subject.txt" "link_code/body.txt" "link_code/body.html"
    Invitation { account: String, inviter: Option<String>, role: String, invitee: Invitee, link: String }
        "invitation/subject.txt" "invitation/body.txt" "invitation/body.html"
    BallotRequest { case: CaseView, url: String, link: Option<String>, held: Option<String> }
        "ballot_request/subject.txt" "ballot_request/body.txt" "ballot_request/body.html"
    BallotReminder { case: CaseView, url: String, link: Option<String>, held: Option<String> }
        "ballot_reminder/subject.txt" "ballot_reminder/body.txt" "ballot_reminder/body.html"
    BallotReceipt { case: CaseView, url: String, act: &'static str, at: String, link: String }
        "ballot_receipt/subject.txt" "ballot_receipt/body.txt" "ballot_receipt/body.html"
    RosterChanged {
        account: String, url: String, headline: &'static str, told: String, at: String, meaning: String,
        advice: &'static str, contest: Option<String>,
    } "roster_changed/subject.txt" "roster_changed/body.txt" "roster_changed/body.html"
    OwnerAlert {
        case: CaseView, url: String, headline: String, told: String, advice: &'static str, at: String,
        pause: Option<String>,
    } "owner_alert/subject.txt" "owner_alert/body.txt" "owner_alert/body.html"
    CaseOutcome { case: CaseView, url: String, headline: String, told: String, advice: &'static str, at: String }
        "case_outcome/subject.txt" "case_outcome/body.txt" "case_outcome/body.html"
    OwnersChanged {
        account: String, url: String, added: Option<String>, removed: Option<String>, primary: Option<String>, by: String,
        at: String,
    } "owners_changed/subject.txt" "owners_changed/body.txt" "owners_changed/body.html"
    AccountStatus {
        account: String, url: String, headline: &'static str, told: String, meaning: String, advice: &'static str,
        at: String,
    } "account_status/subject.txt" "account_status/body.txt" "account_status/body.html"
    TransferRequest { account: String, from: String, at: String, expires: String, link: String }
        "transfer_request/subject.txt" "transfer_request/body.txt" "transfer_request/body.html"
    TransferAlert {
        account: String, url: String, headline: &'static str, told: String, advice: &'static str, from: String, to: String,
        at: String, why: &'static str,
    } "transfer_alert/subject.txt" "transfer_alert/body.txt" "transfer_alert/body.html"
    NewOwnerWelcome { account: String, url: String, how: String, recovered: Option<CaseView>, at: String }
        "new_owner_welcome/subject.txt" "new_owner_welcome/body.txt" "new_owner_welcome/body.html"
    EmailCode { code: String, valid: String }
        "email_code/subject.txt" "email_code/body.txt" "email_code/body.html"
    EmailTaken { at: String }
        "email_taken/subject.txt" "email_taken/body.txt" "email_taken/body.html"
    EmailChanged { address: String, at: String }
        "email_changed/subject.txt" "email_changed/body.txt" "email_changed/body.html"
    EmailConfirmed { address: String, at: String }
        "email_confirmed/subject.txt" "email_confirmed/body.txt" "email_confirmed/body.html"
    AdministratorEmailChanged { account: String, url: String, person: String, before: String, at: String, until: String }
        "administrator_email_changed/subject.txt" "administrator_email_changed/body.txt"
        "administrator_email_changed/body.html"
    CredentialChanged {
        headline: &'static str, told: String, means: Option<String>, advice: &'static str, url: String, at: String,
    }
        "credential_changed/subject.txt" "credential_changed/body.txt" "credential_changed/body.html"
    MemberCredentialChanged {
        account: String, url: String, headline: &'static str, person: String, told: &'static str, means: Option<String>,
        at: String,
    } "member_credential_changed/subject.txt" "member_credential_changed/body.txt" "member_credential_changed/body.html"
    ReplacedOwner { case: CaseView, at: String }
        "replaced_owner/subject.txt" "replaced_owner/body.txt" "replaced_owner/body.html"
    ReadinessDigest { account: String, url: String, score: u32, wanting: Vec<Wanting>, at: String }
        "readiness_digest/subject.txt" "readiness_digest/body.txt" "readiness_digest/body.html"
    DigestSwitched { account: String, url: String, state: &'static str, by: String, at: String }
        "digest_switched/subject.txt" "digest_switched/body.txt" "digest_switched/body.html"
    PolicyChanged {
        account: String, url: String, headline: &'static str, told: String, lines: Vec<String>, advice: &'static str,
        button: &'static str, at: String,
    } "policy_changed/subject.txt" "policy_changed/body.txt" "policy_changed/body.html"
    SignOn {
        account: String, url: String, headline: &'static str, told: String, advice: &'static str, button: &'static str,
        why: &'static str, at: String,
    } "sign_on/subject.txt" "sign_on/body.txt" "sign_on/body.html"
    DomainChanged { account: String, url: String, headline: &'static str, told: String, at: String }
        "domain_changed/subject.txt" "domain_changed/body.txt" "domain_changed/body.html"
    MemberJoined {
        account: String, url: String, name: String, person: String, domain: String, role: String, at: String,
    } "member_joined/subject.txt" "member_joined/body.txt" "member_joined/body.html"
}

#[expect(clippy::too_many_lines, reason = "one arm for each kind of mail, and nothing but its fields")]
pub(super) fn write(message: &Message, head: &Head, reveal: &dyn Reveal) -> Result {
    let account_page = |account: &AccountFacts| format!("{}/accounts/{}", head.url, account.id);
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
        Message::Invitation { account, inviter, role, invitee, link } => Invitation {
            account: plain_text::name(&account.name),
            inviter: inviter.as_ref().map(person),
            role: plain_text::name(role),
            invitee: *invitee,
            link: reveal.link(*link),
        }
        .write(head),
        Message::BallotRequest { case, link, address_changed } => BallotRequest {
            url: case_page(head, case.id),
            case: CaseView::of(case),
            link: link.map(|id| reveal.link(id)),
            held: address_changed.map(case_wording::signed_in_only),
        }
        .write(head),
        Message::BallotReminder { case, link, address_changed } => BallotReminder {
            url: case_page(head, case.id),
            case: CaseView::of(case),
            link: link.map(|id| reveal.link(id)),
            held: address_changed.map(case_wording::signed_in_only),
        }
        .write(head),
        Message::BallotReceipt { case, act, at, link } => BallotReceipt {
            url: case_page(head, case.id),
            case: CaseView::of(case),
            act: case_wording::recorded(*act),
            at: when(*at),
            link: reveal.link(*link),
        }
        .write(head),
        Message::RosterChanged { account, reader, event, person: concerned, by, at, standing, contest } => {
            RosterChanged {
                account: plain_text::name(&account.name),
                url: account_page(account),
                headline: roster_wording::headline(*event, *reader),
                told: roster_wording::told(*event, concerned, by),
                at: when(*at),
                meaning: roster_wording::meaning(standing, concerned, *reader),
                advice: roster_wording::advice(standing, *reader),
                contest: contest.map(|id| reveal.link(id)),
            }
            .write(head)
        }
        Message::OwnerAlert { case, event, at, pause } => OwnerAlert {
            url: case_page(head, case.id),
            case: CaseView::of(case),
            headline: case_wording::headline(event),
            told: case_wording::told(event, case),
            advice: case_wording::for_owner(event, case),
            at: when(*at),
            pause: pause.map(|id| reveal.link(id)),
        }
        .write(head),
        Message::CaseOutcome { case, event, at } => CaseOutcome {
            url: case_page(head, case.id),
            case: CaseView::of(case),
            headline: case_wording::headline(event),
            told: case_wording::told(event, case),
            advice: case_wording::for_administrator(event),
            at: when(*at),
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
                at: when(*at),
            }
            .write(head)
        }
        Message::AccountStatus { account, news, by, at } => AccountStatus {
            account: plain_text::name(&account.name),
            url: account_page(account),
            headline: status_wording::headline(*news),
            told: status_wording::told(*news, by.as_ref()),
            meaning: status_wording::meaning(*news),
            advice: status_wording::advice(*news),
            at: when(*at),
        }
        .write(head),
        Message::TransferRequest { account, from, at, expires_at, link } => TransferRequest {
            account: plain_text::name(&account.name),
            from: person(from),
            at: when(*at),
            expires: when(*expires_at),
            link: reveal.link(*link),
        }
        .write(head),
        Message::TransferAlert { account, reader, event, from, to, at } => TransferAlert {
            account: plain_text::name(&account.name),
            url: account_page(account),
            headline: transfer_wording::headline(event),
            told: transfer_wording::told(event, from, to),
            advice: transfer_wording::advice(event, *reader),
            from: person(from),
            to: person(to),
            at: when(*at),
            why: transfer_wording::why(*reader),
        }
        .write(head),
        Message::NewOwnerWelcome { account, how, at } => NewOwnerWelcome {
            account: plain_text::name(&account.name),
            url: account_page(account),
            how: transfer_wording::how_owned(how),
            recovered: match how {
                NewOwnership::Recovered(case) => Some(CaseView::of(case)),
                NewOwnership::Granted { .. } | NewOwnership::Transferred { .. } | NewOwnership::First => None,
            },
            at: when(*at),
        }
        .write(head),
        Message::EmailCode { code, minutes } => {
            EmailCode { code: reveal.code(*code), valid: count((*minutes).into(), "minute") }.write(head)
        }
        Message::EmailTaken { at } => EmailTaken { at: when(*at) }.write(head),
        Message::EmailChanged { address, at } => {
            EmailChanged { address: plain_text::address(address), at: when(*at) }.write(head)
        }
        Message::EmailConfirmed { address, at } => {
            EmailConfirmed { address: plain_text::address(address), at: when(*at) }.write(head)
        }
        Message::AdministratorEmailChanged { account, person: who, before, at, until } => AdministratorEmailChanged {
            account: plain_text::name(&account.name),
            url: account_page(account),
            person: person(who),
            before: plain_text::address(before),
            at: when(*at),
            until: when(*until),
        }
        .write(head),
        Message::PasskeyChanged { name, news, at } => CredentialChanged {
            headline: passkey_wording::headline(*news),
            told: passkey_wording::told(&plain_text::name(name), *news),
            means: passkey_wording::meaning(*news),
            advice: passkey_wording::advice(*news),
            url: format!("{}/me", head.url),
            at: when(*at),
        }
        .write(head),
        Message::MemberPasskeyChanged { account, person: who, news, at } => MemberCredentialChanged {
            account: plain_text::name(&account.name),
            url: account_page(account),
            headline: passkey_wording::headline_for_owners(*news),
            person: person(who),
            told: passkey_wording::told_to_owners(*news),
            means: passkey_wording::meaning_for_owners(*news),
            at: when(*at),
        }
        .write(head),
        Message::PasswordChanged { news, at } => CredentialChanged {
            headline: password_wording::headline(*news),
            told: password_wording::told(*news).to_owned(),
            means: password_wording::meaning(*news),
            advice: password_wording::advice(*news),
            url: format!("{}/me", head.url),
            at: when(*at),
        }
        .write(head),
        Message::MemberPasswordChanged { account, person: who, news, at } => MemberCredentialChanged {
            account: plain_text::name(&account.name),
            url: account_page(account),
            headline: password_wording::headline_for_owners(*news),
            person: person(who),
            told: password_wording::told_to_owners(*news),
            means: password_wording::meaning_for_owners(*news),
            at: when(*at),
        }
        .write(head),
        Message::ReplacedOwner { case, at } => ReplacedOwner { case: CaseView::of(case), at: when(*at) }.write(head),
        Message::ReadinessDigest { account, score, wanting, at } => ReadinessDigest {
            account: plain_text::name(&account.name),
            url: format!("{}/readiness", account_page(account)),
            score: *score,
            wanting: wanting.iter().map(in_sentences).collect(),
            at: when(*at),
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
            at: when(*at),
        }
        .write(head),
        Message::PolicyChanged { account, event, by, at, old, new, replaces } => PolicyChanged {
            account: plain_text::name(&account.name),
            url: format!("{}/policy", account_page(account)),
            headline: policy_news::headline(event),
            told: [policy_news::told(event, by.as_ref()).as_str(), if *replaces { policy_news::REPLACES } else { "" }]
                .concat(),
            lines: policy_wording::changes(old, new).iter().map(policy_news::line).collect(),
            advice: policy_news::advice(event),
            button: policy_news::button(event),
            at: when(*at),
        }
        .write(head),
        Message::DomainChanged { account, domain, event, by, at } => DomainChanged {
            account: plain_text::name(&account.name),
            url: format!("{}/settings", account_page(account)),
            headline: domain_wording::headline(event),
            told: domain_wording::told(event, domain, by.as_ref()),
            at: when(*at),
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
            at: when(*at),
        }
        .write(head),
        Message::MemberJoined { account, person: joined, domain, role, at } => MemberJoined {
            account: plain_text::name(&account.name),
            url: account_page(account),
            name: plain_text::name(&joined.name),
            person: person(joined),
            domain: plain_text::name(domain),
            role: plain_text::name(role),
            at: when(*at),
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
