//! What the three templates of each kind of mail print. They are compiled in from `templates/`.

use askama::Template;

use super::{
    case_wording::CaseView,
    facts::{Invitee, Wanting},
    render::Head,
};

/// Subject and bodies as the templates wrote them.
pub(super) struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

pub(super) type Result = askama::Result<Written>;

macro_rules! sheets {
    ($($name:ident { $($field:ident: $type:ty),* $(,)? } $subject:tt $text:tt $html:tt)*) => {
        $(
            pub(super) struct $name { $(pub $field: $type),* }

            impl $name {
                pub fn write(&self, head: &Head) -> Result {
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
    DrillCode { code: String, valid: String, account: String, number: String }
        "drill_code/subject.txt" "drill_code/body.txt" "drill_code/body.html"
    KeyCode { code: String, valid: String, account: String, number: String }
        "key_code/subject.txt" "key_code/body.txt" "key_code/body.html"
    Nomination { case: CaseView, link: String }
        "nomination/subject.txt" "nomination/body.txt" "nomination/body.html"
    Invitation { account: String, inviter: Option<String>, role: String, invitee: Invitee, link: String }
        "invitation/subject.txt" "invitation/body.txt" "invitation/body.html"
    BallotRequest { case: CaseView, url: String, link: Option<String>, answer: Option<String>, held: Option<String> }
        "ballot_request/subject.txt" "ballot_request/body.txt" "ballot_request/body.html"
    BallotReminder { case: CaseView, url: String, link: Option<String>, answer: Option<String>, held: Option<String> }
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
    KeyCaseNews {
        case: CaseView, headline: String, told: String, advice: &'static str, why: &'static str, at: String,
        link: Option<String>,
    } "key_case_news/subject.txt" "key_case_news/body.txt" "key_case_news/body.html"
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
    NewOwnerWelcome { account: String, url: String, how: String, recovered: Option<CaseView>, at: String, enrol: Option<String> }
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
    MailRefused { account: Option<String>, url: String, why: String, at: String }
        "mail_refused/subject.txt" "mail_refused/body.txt" "mail_refused/body.html"
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
    RecoveryRequest { account: String, by: String, expires: String, link: String }
        "recovery_request/subject.txt" "recovery_request/body.txt" "recovery_request/body.html"
    RecoveryUserChanged {
        account: String, url: String, headline: &'static str, told: String, meaning: String, advice: &'static str, at: String,
    } "recovery_user_changed/subject.txt" "recovery_user_changed/body.txt" "recovery_user_changed/body.html"
    WebhookChanged {
        account: String, url: String, headline: &'static str, told: String, meaning: String, advice: &'static str, at: String,
    } "webhook_changed/subject.txt" "webhook_changed/body.txt" "webhook_changed/body.html"
    MemberJoined {
        account: String, url: String, name: String, person: String, domain: String, role: String, at: String,
    } "member_joined/subject.txt" "member_joined/body.txt" "member_joined/body.html"
}
