//! Why a use case did not do what was asked.

use crate::{
    moment::Moment,
    ownership::{self, preset::PresetError},
    passkey,
    password::hasher,
    recovery,
    refusal::Severity,
    sealed::NotOpened,
    sign_on::failed::Failed,
    store::error::DbError,
    webhook,
};

/// Why a use case did not do what was asked. Nothing was changed then, except where a variant says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules of recovery say no.
    #[error(transparent)]
    Recovery(#[from] recovery::refusal::Refusal),
    /// The rules of ownership say no.
    #[error(transparent)]
    Ownership(#[from] ownership::refusal::Refusal),
    /// A person's address stays as it is.
    #[error(transparent)]
    Identity(#[from] ownership::identity::Refusal),
    /// A person's credentials stay as they are.
    #[error(transparent)]
    Credential(#[from] ownership::credential::Refusal),
    /// The rules of single sign-on say no.
    #[error(transparent)]
    SignOn(#[from] ownership::sign_on::Refusal),
    /// The rules about recovery users say no.
    #[error(transparent)]
    RecoveryUser(#[from] ownership::recovery_user::Refusal),
    /// The rules about webhooks say no.
    #[error(transparent)]
    Webhook(#[from] webhook::refusal::Refusal),
    /// An account's identity provider is not believed.
    #[error(transparent)]
    Provider(#[from] Failed),
    /// Proof, codes, links and tokens say no.
    #[error(transparent)]
    Access(#[from] Access),
    /// The input makes no sense.
    #[error("some fields are not valid")]
    Invalid(Vec<Invalid>),
    /// It does not exist, or the caller may not know that it does.
    #[error("there is nothing here, or nothing that you may see")]
    NotFound,
    /// The database, or a row in it. Logged, never shown.
    #[error(transparent)]
    Internal(#[from] DbError),
    /// The hash of a password could not be computed or read. Logged, never shown.
    #[error(transparent)]
    Password(#[from] hasher::Failed),
    /// A secret that has to be shown to others cannot be read. Logged, never shown.
    #[error(transparent)]
    Sealed(#[from] NotOpened),
}

/// A field that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// JSON pointer to the field.
    pub pointer: String,
    /// What is wrong, and what to do.
    pub detail: String,
}

impl Error {
    /// One field that makes no sense.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Invalid { pointer: pointer.into(), detail: detail.into() }])
    }
}

impl From<passkey::refused::Refused> for Error {
    fn from(refused: passkey::refused::Refused) -> Self {
        Self::Access(refused.into())
    }
}

impl From<PresetError> for Error {
    fn from(error: PresetError) -> Self {
        Self::invalid("/preset", error.to_string())
    }
}

/// Why proof, a code, a link or a token does not suffice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Access {
    /// Nobody has signed in.
    #[error("sign in first, or send a valid token")]
    Unauthenticated,
    /// The code is wrong, used, or too old; which of them is not told.
    #[error("this code is not right, or not valid any more; ask for a new one")]
    WrongCode,
    /// No password of whoever has the address, or nobody has it; which of them is not told.
    #[error("this address and this password do not belong together; check both, or sign in with a code by mail")]
    WrongPassword,
    /// The password is none of the person who has signed in.
    #[error("this is not your password; check it, or show in another way that it is you")]
    NotYourPassword,
    /// The passkey, or what it answered, is not taken.
    #[error(transparent)]
    Passkey(#[from] passkey::refused::Refused),
    /// Browsers have no passkeys where the service is reached.
    #[error(
        "passkeys take a name and https, and this service is reached in another way; show in another way that it is you"
    )]
    NoPasskeysHere,
    /// The ceremony has taken too long, or was brought to its end.
    #[error("this took too long, or was done already; begin again")]
    CeremonyOver,
    /// They have as many passkeys as there can be.
    #[error("you have {most} passkeys, and there can be no more; remove one first")]
    TooManyPasskeys {
        /// So many.
        most: usize,
    },
    /// Too many wrong codes or passwords.
    #[error("too many wrong tries; the next one counts from {until}")]
    TooManyGuesses {
        /// When the next try counts.
        until: Moment,
    },
    /// Enough mails with codes went out.
    #[error("enough codes were mailed for now; the next one goes out from {until}")]
    TooManyCodes {
        /// When the next one does.
        until: Moment,
    },
    /// The paper key is not one that works; why is not told.
    #[error(
        "this key is not taken: compare it with its sheet once more; if it is as printed, ask an owner of the account whether it \
         still works"
    )]
    PaperKeyRefused,
    /// The link is used, replaced, or its occasion has passed.
    #[error("this link does not work any more: it was used or replaced, or its occasion has passed")]
    DeadLink,
    /// The act asked for is not the one that the link stands for.
    #[error("this link stands for something else")]
    WrongLink,
    /// The token lacks a scope.
    #[error("this token needs the scope `{scope}`")]
    NeedsScope {
        /// The scope's name.
        scope: &'static str,
    },
    /// The caller must be an operator.
    #[error("only an operator does this; use an operator token")]
    OperatorsOnly,
    /// A token tried what only people do.
    #[error("only a signed-in person does this, never a token, not even on their behalf")]
    PeopleOnly,
    /// A provider did not sign them in.
    #[error("your organization's identity provider did not sign you in; try again, or sign in with a code")]
    ProviderRefused,
    /// A provider of an account vouched for them, and for this that is not enough.
    #[error(
        "you signed in through your organization, which is good for reading and working in that one account; sign in with a \
         code, a password or a passkey for this"
    )]
    SignedOn,
    /// The key was used for another request.
    #[error("this idempotency key was used for another request; use a new one")]
    KeyReused,
    /// The key's answer held a secret that is shown once.
    #[error("this call was answered before, and its answer held a secret that is shown only once")]
    AlreadyIssued,
    /// Nobody has said where such mails go.
    #[error("this service takes no votes by mail: whoever runs it has set no `inbound_address`")]
    TakesNoMail,
    /// Only what has happened is certified.
    #[error("only a case that has changed the owners has a certificate; this one has not")]
    NothingToCertify,
    /// The end of the case waits to be sealed.
    #[error("the end of the case is not sealed in the log yet; ask again in a few seconds")]
    NotSealedYet,
    /// Whether a mail is genuine cannot be found out at the moment.
    #[error(
        "whether the mail is its sender's cannot be found out now, because the DNS does not answer; bring it again later"
    )]
    NotNow,
    /// The thing was edited since it was read.
    #[error("this was changed since you read it; read it again, then repeat your change")]
    Changed,
}

impl Access {
    /// The stable code, as in the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::WrongCode => "wrong_code",
            Self::WrongPassword => "wrong_password",
            Self::NotYourPassword => "not_your_password",
            Self::Passkey(_) => "passkey_refused",
            Self::NoPasskeysHere => "no_passkeys_here",
            Self::CeremonyOver => "ceremony_over",
            Self::TooManyPasskeys { .. } => "too_many_passkeys",
            Self::TooManyGuesses { .. } => "too_many_guesses",
            Self::TooManyCodes { .. } => "too_many_codes",
            Self::PaperKeyRefused => "paper_key_refused",
            Self::DeadLink => "dead_link",
            Self::WrongLink => "wrong_link",
            Self::NeedsScope { .. } => "needs_scope",
            Self::OperatorsOnly => "operators_only",
            Self::PeopleOnly => "people_only",
            Self::ProviderRefused => "provider_refused",
            Self::SignedOn => "signed_on",
            Self::KeyReused => "idempotency_key_reused",
            Self::AlreadyIssued => "already_issued",
            Self::TakesNoMail => "takes_no_mail",
            Self::NothingToCertify => "nothing_to_certify",
            Self::NotSealedYet => "not_sealed_yet",
            Self::NotNow => "not_now",
            Self::Changed => "changed",
        }
    }

    /// Whether it is a matter of who asks, of when they ask, or of what they ask for. The doors give
    /// [`Self::Unauthenticated`], [`Self::WrongPassword`], [`Self::TooManyGuesses`], [`Self::TooManyCodes`],
    /// [`Self::NotNow`] and [`Self::Changed`] a status of their own.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Unauthenticated
            | Self::WrongPassword
            | Self::NeedsScope { .. }
            | Self::OperatorsOnly
            | Self::PeopleOnly
            | Self::ProviderRefused
            | Self::SignedOn
            | Self::TooManyGuesses { .. }
            | Self::TooManyCodes { .. } => Severity::Forbidden,
            Self::DeadLink
            | Self::CeremonyOver
            | Self::NoPasskeysHere
            | Self::TooManyPasskeys { .. }
            | Self::AlreadyIssued
            | Self::TakesNoMail
            | Self::NothingToCertify
            | Self::NotSealedYet
            | Self::NotNow
            | Self::Changed => Severity::Conflict,
            Self::WrongCode
            | Self::PaperKeyRefused
            | Self::NotYourPassword
            | Self::Passkey(_)
            | Self::WrongLink
            | Self::KeyReused => Severity::Unprocessable,
        }
    }
}
