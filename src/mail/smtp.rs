//! One conversation with a mail server: hands over one letter and says what became of it.
//!
//! We speak each step ourselves instead of lettre's pooled `send`, for two reasons. That one does not tell at which step
//! a server said no, and only a no to the *recipient* is the recipient's fault. And it has no time limit; cancelled from
//! outside, it puts the connection back in the middle of a conversation, and the next mail reads the wrong answers.
//! Retrying is not done here; see the delivery job.

use std::{future::Future, sync::Mutex, sync::PoisonError, time::Duration};

use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
        commands::{Data, Mail, Quit, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
        response::Response,
    },
};

use super::envelope::{Letter, NotALetter};

/// As many idle connections are kept.
const IDLE: usize = 4;
/// The part of a server's answer that is kept.
const ANSWER: usize = 200;

/// Where and how to hand over mail.
pub struct Settings {
    /// The mail server's name; its certificate must bear it.
    pub host: String,
    /// Its port: 25, 465 or 587, as a rule.
    pub port: u16,
    /// How the conversation is encrypted.
    pub tls: Tls,
    /// Certificates in PEM: whoever they vouch for is trusted, and nobody else. Without them, the system's count.
    pub authorities: Option<String>,
    /// Where the server wants us to sign in.
    pub login: Option<Login>,
    /// The name with which we greet: the host of the service.
    pub hello: String,
    /// The longest wait for one answer.
    pub timeout: Duration,
}

/// A name and a password for the mail server. Does not show itself in debug output.
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
}

/// How the conversation is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: for a server on the same machine.
    None,
    /// With STARTTLS where the server offers it.
    Opportunistic,
    /// With STARTTLS, or not at all.
    Required,
    /// From the first byte, as on port 465.
    Wrapped,
}

/// What became of a letter. The answer is one line for the record, without any secret of the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the answer is explained above")]
pub enum Posted {
    /// The server took it over.
    Accepted { answer: String },
    /// Not now: the server, the network, or our own settings. Worth another attempt.
    Deferred { answer: String },
    /// Never: the server refuses this recipient or this letter.
    Refused { answer: String },
}

/// Hands letters to one mail server.
pub struct Postman {
    settings: Settings,
    tls: Option<TlsParameters>,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

/// The settings cannot work.
#[derive(Debug, thiserror::Error)]
#[error("the certificates to check the mail server's with cannot be used, name others in the configuration")]
pub struct BadSettings(#[from] Error);

/// A conversation that ended before the server had the letter.
enum Trouble {
    /// It says something about this letter only.
    WithLetter(String),
    /// It says something about the server, the way there, or us.
    OnTheWay(String),
}

impl Postman {
    /// Makes one; opens no connection yet.
    ///
    /// # Errors
    /// When the certificates are none.
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        let tls = match settings.tls {
            Tls::None => None,
            Tls::Opportunistic | Tls::Required | Tls::Wrapped => {
                let mut trust = TlsParameters::builder(settings.host.clone());
                if let Some(pem) = &settings.authorities {
                    let authorities = Certificate::from_pem(pem.as_bytes())?;
                    trust = trust.certificate_store(CertificateStore::None).add_root_certificate(authorities);
                }
                Some(trust.build()?)
            }
        };
        Ok(Self { settings, tls, idle: Mutex::default() })
    }

    /// Hands over one letter. Never an error: whatever happens says something about this letter, and the next has its
    /// own chance.
    pub async fn send(&self, letter: &Letter) -> Posted {
        let message = match letter.message() {
            Ok(message) => message,
            Err(wrong @ NotALetter::Recipient(_)) => return Posted::Refused { answer: wrong.to_string() },
            Err(wrong @ (NotALetter::Sender(_) | NotALetter::Parts(_))) => {
                return Posted::Deferred { answer: wrong.to_string() };
            }
        };
        let kept = |answer: &str| one_line(&letter.rendered.without_secrets(answer));
        match self.converse(&message).await {
            Ok(answer) => Posted::Accepted { answer: kept(&answer) },
            Err(Trouble::WithLetter(answer)) => Posted::Refused { answer: kept(&answer) },
            Err(Trouble::OnTheWay(answer)) => Posted::Deferred { answer: kept(&answer) },
        }
    }

    /// Says goodbye on the idle connections. The postman can be used afterwards.
    pub async fn rest(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for mut connection in idle {
            self.part(&mut connection).await;
        }
    }

    /// Opens a conversation as for a letter (greeting, TLS, sign-in), and says goodbye.
    ///
    /// # Errors
    /// What the server, or the way there, said.
    pub async fn try_out(&self) -> Result<(), String> {
        match self.connect().await {
            Ok(mut connection) => {
                self.part(&mut connection).await;
                Ok(())
            }
            Err(Trouble::WithLetter(answer) | Trouble::OnTheWay(answer)) => Err(one_line(&answer)),
        }
    }

    async fn converse(&self, message: &Message) -> Result<String, Trouble> {
        let mut connection = self.connection().await?;
        match self.hand_over(&mut connection, message).await {
            Ok(response) => {
                // Only after a whole conversation: a connection left in the middle of one would answer the next mail
                // with words meant for this one.
                let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
                if idle.len() < IDLE {
                    idle.push(connection);
                }
                Ok(spoken(&response))
            }
            Err(trouble) => {
                self.part(&mut connection).await;
                Err(trouble)
            }
        }
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, Trouble> {
        loop {
            let parked = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut connection) = parked else { break };
            if tokio::time::timeout(self.settings.timeout, connection.test_connected()).await == Ok(true) {
                return Ok(connection);
            }
        }
        let opened = self.connect().await;
        if let Err(Trouble::OnTheWay(answer) | Trouble::WithLetter(answer)) = &opened {
            // No recipient has been named yet, so that the line can name none.
            let (Settings { host, port, .. }, why) = (&self.settings, one_line(answer));
            tracing::warn!(host, port, why, "the mail server cannot be used, mails wait");
        }
        opened
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Trouble> {
        let Settings { host, port, timeout, hello, .. } = &self.settings;
        let hello = ClientId::Domain(hello.clone());
        let wrapped = if self.settings.tls == Tls::Wrapped { self.tls.clone() } else { None };
        let opening =
            AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), Some(*timeout), &hello, wrapped, None);
        let mut connection = self.step("connecting", opening).await.map_err(ours)?;
        if let Some(tls) = &self.tls {
            let upgrade = match self.settings.tls {
                Tls::Required => true,
                Tls::Opportunistic => connection.can_starttls(),
                Tls::Wrapped | Tls::None => false,
            };
            if upgrade {
                self.step("starting TLS", connection.starttls(tls.clone(), &hello)).await.map_err(ours)?;
            }
        }
        if let Some(login) = &self.settings.login {
            let credentials = Credentials::new(login.user.clone(), login.password.clone());
            let signing_in = connection.auth(DEFAULT_MECHANISMS, &credentials);
            // The server's words may repeat what was sent; only the fact is kept.
            self.step("signing in", signing_in).await.map_err(|failure| match failure.error {
                Some(error) => Trouble::OnTheWay(match error.status() {
                    Some(code) => {
                        format!("the mail server refused our sign-in ({code}), check the user and the password")
                    }
                    None => "signing in to the mail server failed, check its settings".to_owned(),
                }),
                None => ours(failure),
            })?;
        }
        Ok(connection)
    }

    async fn hand_over(&self, connection: &mut AsyncSmtpConnection, message: &Message) -> Result<Response, Trouble> {
        let (envelope, bytes) = (message.envelope(), message.formatted());
        let mut options = vec![];
        let addresses = envelope.to().iter().chain(envelope.from());
        if !addresses.map(AsRef::<str>::as_ref).all(str::is_ascii) {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Trouble::WithLetter("the mail server takes only addresses in ASCII".to_owned()));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        if !bytes.is_ascii() {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let sender = Mail::new(envelope.from().cloned(), options);
        self.step("naming the sender", connection.command(sender)).await.map_err(ours)?;
        for recipient in envelope.to() {
            let recipient = Rcpt::new(recipient.clone(), vec![]);
            self.step("naming the recipient", connection.command(recipient)).await.map_err(unless_unwelcome)?;
        }
        self.step("announcing the mail", connection.command(Data)).await.map_err(theirs)?;
        self.step("sending the mail", connection.message(&bytes)).await.map_err(theirs)
    }

    async fn step<T>(&self, doing: &'static str, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Failure> {
        match tokio::time::timeout(self.settings.timeout, answer).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(Failure { doing, error: Some(error) }),
            Err(_) => Err(Failure { doing, error: None }),
        }
    }

    /// Says goodbye, and waits a moment only: whether the server hears it changes nothing.
    async fn part(&self, connection: &mut AsyncSmtpConnection) {
        if !connection.has_broken() {
            let patience = self.settings.timeout.min(Duration::from_secs(1));
            let _ignored = tokio::time::timeout(patience, connection.command(Quit)).await;
        }
    }
}

/// A step that failed; without an error, it took too long.
struct Failure {
    doing: &'static str,
    error: Option<Error>,
}

impl Failure {
    fn told(self) -> String {
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
}

/// What an operator can do, for what goes wrong first with TLS. Known by its words: no library gives these a type.
fn remedy(why: &str) -> Option<&'static str> {
    const REMEDIES: [(&str, &str); 4] = [
        ("STARTTLS is not supported", "this server offers no TLS here, choose another `smtp.port` or `smtp.tls`"),
        ("UnknownIssuer", "nobody whom we trust vouches for its certificate, name who does in `smtp.ca_file`"),
        ("not valid for name", "its certificate bears another name, write that one as `smtp.host`"),
        ("Expired", "its certificate has expired, have it renewed"),
    ];
    REMEDIES.into_iter().find(|(words, _)| why.contains(words)).map(|(_, remedy)| remedy)
}

/// A failure before the recipient was named, or of anything but the letter.
fn ours(failure: Failure) -> Trouble {
    Trouble::OnTheWay(failure.told())
}

/// A failure after that: a lasting no is about the letter, unless it is about us having to sign in (RFC 4954) or about
/// the order of commands.
fn theirs(failure: Failure) -> Trouble {
    let code = failure.error.as_ref().filter(|error| error.is_permanent()).and_then(Error::status).map(u16::from);
    match code {
        Some(500..=504 | 530 | 534 | 535 | 538) | None => Trouble::OnTheWay(failure.told()),
        Some(_) => Trouble::WithLetter(failure.told()),
    }
}

/// The same, for the answer to a recipient's name. There, a refusal by policy (5.7, RFC 3463) is how servers tell who has
/// not signed in that they relay nothing: were it put down to the recipients, one slip in the settings would lose all.
fn unless_unwelcome(failure: Failure) -> Trouble {
    let by_policy = failure.error.as_ref().is_some_and(|error| source_of(error).starts_with("5.7."));
    if by_policy { ours(failure) } else { theirs(failure) }
}

fn source_of(error: &Error) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

fn spoken(response: &Response) -> String {
    format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" "))
}

fn one_line(answer: &str) -> String {
    let plain: String = answer.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(ANSWER).collect()
}
