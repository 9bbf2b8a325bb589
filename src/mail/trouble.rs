//! What went wrong in a conversation with a mail server: whose trouble it is, and what an operator can do about it.

use lettre::transport::smtp::{Error, response::Response};

/// The part of a server's answer that is kept.
const ANSWER: usize = 200;

/// A conversation that ended before the server had the letter.
pub(super) enum Trouble {
    /// It says something about this letter only.
    WithLetter(String),
    /// Not now, for this recipient or everybody in their domain.
    WithRecipient(String, Deferrer),
    /// It says something about the server, the way there, or us.
    OnTheWay(String),
}

/// On whose account a letter is deferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferrer {
    /// The mail server, the way there, or we ourselves: every letter is concerned.
    Server,
    /// Whoever takes mail for the recipient's domain: its other letters are probably concerned.
    Domain,
    /// The recipient's mailbox, which is full or locked.
    Mailbox,
}

/// A step that failed; without an error, it took too long.
pub(super) struct Failure {
    pub(super) doing: &'static str,
    pub(super) error: Option<Error>,
}

impl Failure {
    pub(super) fn told(self) -> String {
        let Some(error) = self.error else { return format!("{} took too long", self.doing) };
        let why = source_of(&error);
        if let Some(code) = error.status() {
            return format!("{code} {why}");
        }
        let why = why.strip_prefix("Connection error: invalid peer certificate: ").unwrap_or(&why);
        match remedy(why) {
            Some(remedy) => format!("{} failed, {remedy} ({why})", self.doing),
            None => format!("{} failed: {why}", self.doing),
        }
    }

    /// Whether the connection itself is of no use any more, be it that it is gone or that the server is about to end it.
    pub(super) fn ends_connection(&self) -> bool {
        self.error.as_ref().is_some_and(|error| error.status().is_none_or(|code| u16::from(code) == 421))
    }
}

/// What an operator can do, for what goes wrong first with TLS. Known by its words: no library gives these a type.
fn remedy(why: &str) -> Option<&'static str> {
    const REMEDIES: [(&str, &str); 7] = [
        ("STARTTLS is not supported", "this server offers no TLS here, choose another `smtp.port` or `smtp.tls`"),
        ("UnknownIssuer", "nobody whom we trust vouches for its certificate, name who does in `smtp.ca_file`"),
        (
            "CaUsedAsEndEntity",
            "its certificate is that of an authority, name it in `smtp.ca_file` and have it issue one",
        ),
        ("not valid for name", "its certificate bears another name, write that one as `smtp.host`"),
        ("NotValidYet", "its certificate is not valid yet, look at the clocks of both machines"),
        ("xpired", "its certificate has expired, have it renewed"),
        ("corrupt message", "this server speaks without TLS first, let `smtp.tls` be `required`, or mend `smtp.port`"),
    ];
    REMEDIES.into_iter().find(|(words, _)| why.contains(words)).map(|(_, remedy)| remedy)
}

/// A failure before the recipient was named, or of anything but the letter.
pub(super) fn ours(failure: Failure) -> Trouble {
    Trouble::OnTheWay(failure.told())
}

/// The server does not take us for the sender that we name. `hidden` takes out what nobody may read of it.
pub(super) fn of_sender(failure: Failure, sender: &str, hidden: impl Fn(&str) -> String) -> Trouble {
    let refused = failure.error.as_ref().is_some_and(Error::is_permanent);
    let told = failure.told();
    Trouble::OnTheWay(hidden(&if refused {
        format!("{told} (the mail server refuses `{sender}` as the sender, mend `smtp.from` or `smtp.bounce_address`)")
    } else {
        told
    }))
}

/// Signing in failed. The server's words may repeat what was sent; only the fact is kept.
pub(super) fn of_sign_in(failure: Failure) -> Trouble {
    match &failure.error {
        Some(error) => Trouble::OnTheWay(match error.status() {
            Some(code) => format!("the mail server refused our sign-in ({code}), check the user and the password"),
            None => "signing in to the mail server failed, check its settings".to_owned(),
        }),
        None => ours(failure),
    }
}

/// A failure after the recipient was named: a lasting no is about the letter, unless it is about us having to sign in (RFC 4954)
/// or about the order of commands. For now, it is about the recipient, unless it is about the server.
pub(super) fn theirs(failure: Failure) -> Trouble {
    let Some(error) = &failure.error else {
        // The server was there a moment ago; what it waits for is somebody behind it.
        return Trouble::WithRecipient(failure.told(), Deferrer::Domain);
    };
    let code = error.status().map(u16::from);
    match (code, error.is_permanent()) {
        (Some(500..=504 | 530 | 534 | 535 | 538), true) | (None | Some(421), _) => Trouble::OnTheWay(failure.told()),
        // Full, which owners of mailboxes can mend, however lasting the server thinks that it is.
        (Some(_), true) if source_of(error).starts_with("5.2.2") => {
            Trouble::WithRecipient(failure.told(), Deferrer::Mailbox)
        }
        (Some(_), true) => Trouble::WithLetter(failure.told()),
        (Some(_), false) => {
            // 4.2 is the mailbox's (RFC 3463), and 452 is what servers without such codes say of a full one.
            let own = source_of(error).starts_with("4.2.") || code == Some(452);
            Trouble::WithRecipient(failure.told(), if own { Deferrer::Mailbox } else { Deferrer::Domain })
        }
    }
}

/// The same, for the answer to a recipient's name. There, a refusal by policy (5.7, RFC 3463) is how servers tell who has
/// not signed in that they relay nothing: were it put down to the recipients, one slip in the settings would lose all.
pub(super) fn unless_unwelcome(failure: Failure) -> Trouble {
    let by_policy = failure.error.as_ref().is_some_and(|error| source_of(error).starts_with("5.7."));
    if by_policy { ours(failure) } else { theirs(failure) }
}

fn source_of(error: &Error) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

pub(super) fn spoken(response: &Response) -> String {
    format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" "))
}

pub(super) fn one_line(answer: &str) -> String {
    let plain: String = answer.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(ANSWER).collect()
}
