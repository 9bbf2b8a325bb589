//! Why a mail does not count: each reason as data, with a sentence that its sender, or the operator, can act on.

use super::received::MOST_BYTES;
use crate::{id::CaseId, moment::Moment, ownership::address::Email};

/// Why a mail does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is larger than what is read.
    #[error("the mail is larger than {MOST_BYTES} bytes; send the sentence without attachments")]
    TooLarge,
    /// It is no mail, or one that different programs read differently.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// A field is there more than once.
    #[error("the mail has more than one `{header}`, so nobody knows which counts; send it from another mail program")]
    Twice {
        /// Which.
        header: &'static str,
    },
    /// A field is not there.
    #[error("the mail has no `{header}`; send it from another mail program")]
    Missing {
        /// Which.
        header: &'static str,
    },
    /// There is more than one `From`.
    #[error("the mail has more than one `From`, so nobody knows whose it is")]
    TwoSenders,
    /// The one `From` is not one mailbox.
    #[error(transparent)]
    NoSender(#[from] NoSender),
    /// The sender, or somebody in the text, is written so as to look like somebody else.
    #[error(
        "an address in the mail is written with other letters than it seems, or shown as another; write it in plain letters"
    )]
    LookAlike,
    /// A mail server wrote it.
    #[error("a mail server wrote this, and mail servers do not vote")]
    Bounce,
    /// A program answered for somebody who is away.
    #[error("a program wrote this, and programs do not vote")]
    Autoreply,
    /// It came over a mailing list.
    #[error("this came over a mailing list; send the mail yourself, to us alone")]
    MailingList,
    /// It is ours, or goes in a circle.
    #[error("this mail has been here before, on its way in a circle")]
    Loop,
    /// No domain signed it.
    #[error("your company's mail server did not sign the mail (DKIM), so it could be anybody's")]
    NotSigned,
    /// A domain signed it that is not the sender's.
    #[error("the mail says it is from `{from}`, and it was signed (DKIM) by `{by}`, so it could be anybody's")]
    NotAligned {
        /// The sender's domain.
        from: String,
        /// Who signed.
        by: String,
    },
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] Flaw),
    /// It was not written to us.
    #[error("the mail is not written to `{to}`; send it there, with that address behind `To`")]
    NotToUs {
        /// Our address.
        to: Email,
    },
    /// It is too old.
    #[error("the mail was written more than 24 hours ago, on {written_at}; write a new one")]
    TooOld {
        /// When it was written.
        written_at: Moment,
    },
    /// It says that it was written later.
    #[error(
        "the mail says that it was written on {written_at}, which is still to come; set your clock, and write a new one"
    )]
    FromTheFuture {
        /// When it says.
        written_at: Moment,
    },
    /// It is older than the case.
    #[error("the mail was written before the case was opened on {opened_at}; write a new one, if you still want it")]
    BeforeTheCase {
        /// When the case was opened.
        opened_at: Moment,
    },
    /// It was here before.
    #[error("this very mail has been here before, and a mail counts once")]
    Replayed,
    /// There is no text.
    #[error("the mail has no plain text that can be read; write it as plain text")]
    NoText,
    /// There is more than one text.
    #[error("the mail has several texts; write one, without attached ones")]
    SeveralTexts,
    /// The text is no vote.
    #[error(transparent)]
    Unclear(#[from] Unclear),
    /// Nobody here has the sender's address.
    #[error("nobody here has the address that the mail came from; write from the address that you are known by")]
    NobodyKnown,
    /// No account fits.
    #[error(
        "you administer no account of which `{owner}` is the only owner and which takes such mails; compare the address, or sign in \
         and vote"
    )]
    NoAccount {
        /// Who was named.
        owner: Email,
    },
    /// Several accounts fit.
    #[error(
        "you administer more than one account of this owner, so nobody knows which you mean; sign in and vote there"
    )]
    SeveralAccounts,
    /// The answer's address was somebody else's.
    #[error("you answered to an address that was made for somebody else; answer the mail that came to you")]
    OfSomebodyElse,
    /// The answer's address works no longer.
    #[error("the mail that you answered is not good any more: the case has ended, or there is a newer one")]
    Over,
    /// The text names others than the case.
    #[error(
        "the mail names `{named}` as the {place}, and it is about `{right}`; names and addresses must be exactly those"
    )]
    NamesOthers {
        /// Whom it names.
        named: String,
        /// In which place.
        place: Place,
        /// Whom it would have to name.
        right: String,
    },
    /// They said that a ballot in their name was not theirs.
    #[error(
        "you told us that a ballot by mail in this case was not yours, so no mail counts in it any more; sign in and vote"
    )]
    Disowned {
        /// The case.
        case: CaseId,
    },
    /// The rules say no, in the words of the rules.
    #[error("{sentence}")]
    Rules {
        /// The stable code of the refusal.
        code: &'static str,
        /// Its sentence.
        sentence: String,
    },
}

/// Why it is no mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Line ends of two kinds, or half ones.
    #[error(
        "the lines of the mail end in different ways, so it can be read in different ways; send it from another mail program"
    )]
    LineEnds,
    /// A byte that no text has.
    #[error("the mail has bytes that no text has; send it from another mail program")]
    ZeroByte,
    /// The header is none.
    #[error("the header of the mail cannot be read; send it from another mail program")]
    Header,
    /// The date is none.
    #[error("the date of the mail cannot be read; send it from another mail program")]
    Date,
    /// The parts are not what they say.
    #[error("the parts of the mail are not what they say; write it as plain text")]
    Mime,
}

/// Why there is no sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSender {
    /// It is no mailbox.
    #[error("the `From` of the mail is not one address of the form `name@example.org`")]
    Unreadable,
    /// They are several.
    #[error("the `From` of the mail names several people; each votes in a mail of their own")]
    Several,
}

/// What is wrong with the signature of the sender's domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It is none.
    #[error("the signature (DKIM) of the mail cannot be read; whoever runs your mail server can mend that")]
    Unreadable,
    /// It is made in a way that can be forged.
    #[error(
        "the signature (DKIM) of the mail is made with SHA-1, which can be forged; whoever runs your mail server can change that"
    )]
    Sha1,
    /// It is made in a way that nobody knows.
    #[error("the signature (DKIM) of the mail is made in a way that is not known here")]
    Algorithm,
    /// It covers the beginning of the body only.
    #[error(
        "the signature (DKIM) of the mail covers a part of it only (`l=`); whoever runs your mail server can change that"
    )]
    Beginning,
    /// It has expired.
    #[error("the signature (DKIM) of the mail was good until {at}; write a new one")]
    Expired {
        /// When.
        at: Moment,
    },
    /// It says that it was made later.
    #[error("the signature (DKIM) of the mail says that it was made on {at}, which is still to come")]
    FromTheFuture {
        /// When it says.
        at: Moment,
    },
    /// It does not cover what it has to.
    #[error(
        "the signature (DKIM) of the mail does not cover `{header}`; whoever runs your mail server can change that"
    )]
    Uncovered {
        /// What.
        header: &'static str,
    },
    /// The body is not what was signed.
    #[error("the text of the mail is not what was signed (DKIM): it was changed on its way")]
    BodyChanged,
    /// The header is not what was signed, or somebody else signed.
    #[error("the signature (DKIM) of the mail is not right: it was changed on its way, or is somebody else's")]
    Wrong,
    /// There is no key.
    #[error("the key of the signature (DKIM) is not published, or not any more")]
    NoKey,
    /// The key is none for this.
    #[error("the key of the signature (DKIM) is not published for mails like this one")]
    UnfitKey,
    /// The domain only tries it out.
    #[error("your company only tries out its signatures (DKIM); whoever runs your mail server can end that")]
    Testing,
    /// The key can be broken.
    #[error(
        "the key of the signature (DKIM) has {bits} bits, and 1024 are needed; whoever runs your mail server can change that"
    )]
    WeakKey {
        /// How long it is.
        bits: usize,
    },
}

/// Why a text is no vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    /// There is nothing like it.
    #[error(
        "the text is not the sentence that counts. Write: The current account owner NAME (ADDRESS) is not contactable and therefore \
         NAME (ADDRESS) should be made the new account owner."
    )]
    NoVote,
    /// There is more than it.
    #[error(
        "there is more in the mail than a vote, so it could mean something else; write the sentence alone, and your name"
    )]
    More,
    /// It is there twice.
    #[error("there is more than one vote in the mail; write one")]
    Several,
    /// Somebody in it has no name or no address, or several.
    #[error(
        "the sentence names each of the two with their name and their one address, like: Kim Example (kim@example.org)"
    )]
    People,
    /// It is an answer, and nobody knows to what.
    #[error(
        "the mail says yes or no, and not to what; answer the mail in which you were asked, or write the whole sentence"
    )]
    ToWhat,
}

/// In which place of the sentence somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Who owns the account.
    Owner,
    /// Who would.
    Nominee,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Owner => "current owner",
            Self::Nominee => "new owner",
        })
    }
}

impl Refused {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Broken(Broken::LineEnds | Broken::ZeroByte | Broken::Header | Broken::Date) => "broken",
            Self::Broken(Broken::Mime) => "broken_mime",
            Self::Twice { .. } => "header_twice",
            Self::Missing { .. } => "header_missing",
            Self::TwoSenders | Self::NoSender(NoSender::Several) => "several_senders",
            Self::NoSender(NoSender::Unreadable) => "no_sender",
            Self::LookAlike => "look_alike",
            Self::Bounce => "bounce",
            Self::Autoreply => "autoreply",
            Self::MailingList => "mailing_list",
            Self::Loop => "loop",
            Self::NotSigned => "not_signed",
            Self::NotAligned { .. } => "not_aligned",
            Self::Signature(flaw) => flaw.code(),
            Self::NotToUs { .. } => "not_to_us",
            Self::TooOld { .. } => "too_old",
            Self::FromTheFuture { .. } => "from_the_future",
            Self::BeforeTheCase { .. } => "before_the_case",
            Self::Replayed => "replayed",
            Self::NoText => "no_text",
            Self::SeveralTexts => "several_texts",
            Self::Unclear(Unclear::NoVote) => "no_vote",
            Self::Unclear(Unclear::More) => "more_than_a_vote",
            Self::Unclear(Unclear::Several) => "several_votes",
            Self::Unclear(Unclear::People) => "people_unclear",
            Self::Unclear(Unclear::ToWhat) => "answer_to_nothing",
            Self::NobodyKnown => "sender_unknown",
            Self::NoAccount { .. } => "no_account",
            Self::SeveralAccounts => "several_accounts",
            Self::OfSomebodyElse => "answer_of_somebody_else",
            Self::Over => "answer_over",
            Self::NamesOthers { .. } => "names_others",
            Self::Disowned { .. } => "disowned",
            Self::Rules { code, .. } => code,
        }
    }
}

impl Flaw {
    const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "signature_unreadable",
            Self::Sha1 => "signature_sha1",
            Self::Algorithm => "signature_algorithm",
            Self::Beginning => "signature_partial",
            Self::Expired { .. } => "signature_expired",
            Self::FromTheFuture { .. } => "signature_from_the_future",
            Self::Uncovered { .. } => "signature_incomplete",
            Self::BodyChanged => "body_changed",
            Self::Wrong => "signature_wrong",
            Self::NoKey => "key_missing",
            Self::UnfitKey => "key_unfit",
            Self::Testing => "key_testing",
            Self::WeakKey { .. } => "key_weak",
        }
    }
}
