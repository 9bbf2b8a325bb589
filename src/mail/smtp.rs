//! One conversation with a mail server: hands over one letter and says what became of it.
//!
//! We speak each step ourselves instead of lettre's pooled `send`, for two reasons. That one does not tell at which step
//! a server said no, and only a no to the *recipient* is the recipient's fault. And it has no time limit; cancelled from
//! outside, it puts the connection back in the middle of a conversation, and the next mail reads the wrong answers.
//! Retrying is not done here; see the delivery job.

use std::{
    error::Error,
    future::Future,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use lettre::{
    Address,
    address::Envelope,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
        commands::{Data, Mail, Quit, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
        response::Response,
    },
};

use super::{
    dkim::Signer,
    envelope::{Letter, NotALetter},
    trouble::{Failure, Trouble, of_sender, of_sign_in, one_line, ours, spoken, theirs, unless_unwelcome},
};

pub use super::trouble::Deferrer;

/// As many idle connections are kept.
const IDLE: usize = 4;

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
    /// Signs the letters, where their domain has a key.
    pub signer: Option<Signer>,
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
    /// Not now: the server, the network, our own settings, or the recipient's side. Worth another attempt.
    Deferred { answer: String, by: Deferrer },
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
pub struct BadSettings(#[from] SmtpError);

/// A letter as it travels.
struct Parcel {
    envelope: Envelope,
    bytes: Vec<u8>,
    /// Whoever knows it can report what became of the letter, so it stands in no record and no log.
    return_path: Option<String>,
}

impl Parcel {
    /// What somebody said, without the letter's own return path.
    fn hidden(&self, words: &str) -> String {
        self.return_path.as_ref().map_or_else(|| words.to_owned(), |path| words.replace(path.as_str(), "[return path]"))
    }
}

/// Whether a connection carried a letter before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Age {
    New,
    Used,
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
        let ours = |wrong: &dyn Error| Posted::Deferred { answer: wrong.to_string(), by: Deferrer::Server };
        let message = match letter.message() {
            Ok(message) => message,
            Err(wrong @ NotALetter::Recipient(_)) => return Posted::Refused { answer: wrong.to_string() },
            Err(wrong @ (NotALetter::Sender(_) | NotALetter::Parts(_))) => return ours(&wrong),
        };
        let (envelope, bytes, return_path) =
            (message.envelope().clone(), message.formatted(), letter.return_path.clone());
        let mut parcel = Parcel { envelope, bytes, return_path };
        if let Some(signer) = &self.settings.signer {
            parcel.bytes = match signer.signed(&parcel.bytes, letter.date) {
                Ok(signed) => signed,
                Err(wrong) => return ours(&wrong),
            };
        }
        let kept = |answer: &str| one_line(&parcel.hidden(&letter.rendered.without_secrets(answer)));
        match self.converse(&parcel).await {
            Ok(answer) => Posted::Accepted { answer: kept(&answer) },
            Err(Trouble::WithLetter(answer)) => Posted::Refused { answer: kept(&answer) },
            Err(Trouble::WithRecipient(answer, by)) => Posted::Deferred { answer: kept(&answer), by },
            Err(Trouble::OnTheWay(answer)) => Posted::Deferred { answer: kept(&answer), by: Deferrer::Server },
        }
    }

    /// Says goodbye on the idle connections. The postman can be used afterwards.
    pub async fn rest(&self) {
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for mut connection in idle {
            self.part(&mut connection).await;
        }
    }

    /// Opens a conversation as for a letter from that address (greeting, TLS, sign-in, sender), and says goodbye.
    ///
    /// # Errors
    /// What the server, or the way there, said.
    pub async fn try_out(&self, sender: &Address) -> Result<(), String> {
        let tried = async {
            let mut connection = self.connect().await?;
            let named = self.name_sender(&mut connection, Some(sender), vec![]).await;
            self.part(&mut connection).await;
            named.map_err(|failure| of_sender(failure, sender.as_ref(), str::to_owned))
        };
        tried.await.map_err(|trouble| {
            let (Trouble::WithLetter(answer) | Trouble::WithRecipient(answer, _) | Trouble::OnTheWay(answer)) = trouble;
            one_line(&answer)
        })
    }

    async fn converse(&self, parcel: &Parcel) -> Result<String, Trouble> {
        let mut connection = self.begin(parcel).await?;
        match self.hand_over(&mut connection, parcel).await {
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

    /// A connection on which the sender of the letter is named.
    async fn begin(&self, parcel: &Parcel) -> Result<AsyncSmtpConnection, Trouble> {
        loop {
            let (mut connection, age) = self.connection().await?;
            let options = options(&connection, parcel)?;
            match self.name_sender(&mut connection, parcel.envelope.from(), options).await {
                Ok(()) => return Ok(connection),
                // Servers end conversations that have lasted long enough for them. There is another one to be had.
                Err(failure) if age == Age::Used && failure.ends_connection() => self.part(&mut connection).await,
                Err(failure) => {
                    self.part(&mut connection).await;
                    let sender = parcel.envelope.from().map(AsRef::<str>::as_ref).unwrap_or_default();
                    let trouble = of_sender(failure, sender, |told| parcel.hidden(told));
                    self.warn(&trouble);
                    return Err(trouble);
                }
            }
        }
    }

    /// Tells the operator. No recipient has been named yet, so that the line can name none.
    fn warn(&self, trouble: &Trouble) {
        let (Trouble::WithLetter(answer) | Trouble::WithRecipient(answer, _) | Trouble::OnTheWay(answer)) = trouble;
        let (Settings { host, port, .. }, why) = (&self.settings, one_line(answer));
        tracing::warn!(host, port, why, "the mail server cannot be used, mails wait");
    }

    async fn connection(&self) -> Result<(AsyncSmtpConnection, Age), Trouble> {
        loop {
            let parked = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut connection) = parked else { break };
            if tokio::time::timeout(self.settings.timeout, connection.test_connected()).await == Ok(true) {
                return Ok((connection, Age::Used));
            }
        }
        let opened = self.connect().await.inspect_err(|trouble| self.warn(trouble))?;
        Ok((opened, Age::New))
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
            self.step("signing in", signing_in).await.map_err(of_sign_in)?;
        }
        Ok(connection)
    }

    async fn name_sender(
        &self,
        connection: &mut AsyncSmtpConnection,
        sender: Option<&Address>,
        options: Vec<MailParameter>,
    ) -> Result<(), Failure> {
        let sender = Mail::new(sender.cloned(), options);
        self.step("naming the sender", connection.command(sender)).await.map(drop)
    }

    async fn hand_over(&self, connection: &mut AsyncSmtpConnection, parcel: &Parcel) -> Result<Response, Trouble> {
        for recipient in parcel.envelope.to() {
            let recipient = Rcpt::new(recipient.clone(), vec![]);
            self.step("naming the recipient", connection.command(recipient)).await.map_err(unless_unwelcome)?;
        }
        self.step("announcing the mail", connection.command(Data)).await.map_err(theirs)?;
        self.step("sending the mail", connection.message(&parcel.bytes)).await.map_err(theirs)
    }

    async fn step<T>(
        &self,
        doing: &'static str,
        answer: impl Future<Output = Result<T, SmtpError>>,
    ) -> Result<T, Failure> {
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

/// What the server has to be told of the letter, where it knows of such things.
fn options(connection: &AsyncSmtpConnection, parcel: &Parcel) -> Result<Vec<MailParameter>, Trouble> {
    let mut options = vec![];
    let addresses = parcel.envelope.to().iter().chain(parcel.envelope.from());
    if !addresses.map(AsRef::<str>::as_ref).all(str::is_ascii) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Trouble::WithLetter("the mail server takes only addresses in ASCII".to_owned()));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    if !parcel.bytes.is_ascii() {
        options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(options)
}
