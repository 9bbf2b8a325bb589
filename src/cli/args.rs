//! What can be typed: the commands, their arguments and their help.

use std::path::PathBuf;

use super::{activity_args::ActivityCommand, audit_args::AuditCommand};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Gives an account a new owner when its owner is lost, by a majority of its administrators
#[derive(Debug, Parser)]
#[command(name = "quorate", version, arg_required_else_help = true, propagate_version = true)]
#[command(after_help = "Example:\n  quorate completions bash > ~/.local/share/bash-completion/completions/quorate")]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tell the whole story on an embedded database, then serve it to click through
    Demo(Demo),
    /// Run the service
    Serve(Serve),
    /// Make the data directory, the database, the server's secret and an operator token
    Init(Init),
    /// Bring the database to this version
    Migrate(Migrate),
    /// Create and look at accounts
    #[command(subcommand)]
    Account(AccountCommand),
    /// Create, look at and revoke operator and platform tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Check the activity log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Check the certificate of a recovery
    #[command(subcommand)]
    Certificate(CertificateCommand),
    /// Erase personal values of the activity logs
    #[command(subcommand)]
    Activity(ActivityCommand),
    /// Take in mails by which people vote, and see what became of them
    #[command(subcommand)]
    Mail(MailCommand),
    /// Check paper keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Say what is wrong with this installation, and how to mend it
    Doctor(Doctor),
    /// Print the description of the API (OpenAPI 3.1)
    #[command(name = "openapi")]
    OpenApi(OpenApi),
    /// Print the completions of a shell
    Completions(Completions),
}

/// What holds for every command.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Configuration")]
pub struct Global {
    /// The configuration file [env: `QUORATE_CONFIG`]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the embedded database and the server's secret live [env: `QUORATE_DATA_DIR`]
    #[arg(long, global = true, value_name = "DIRECTORY")]
    pub data_dir: Option<String>,
    /// The database, `sqlite:PATH` or `postgres://…` [env: `QUORATE_DATABASE`]
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// The form of the log on standard error [env: `QUORATE_LOG_FORMAT`]
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log_format: Option<LogForm>,
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// How data is printed, for the commands that print some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct Form {
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Where to listen, for the commands that serve.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Listen {
    /// The address to listen on [env: `QUORATE_LISTEN`] [default: 127.0.0.1:8400]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
}

/// Tell the whole story on an embedded database, then serve it to click through
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  quorate demo\n  quorate demo --headless --database postgres://quorate@localhost/demo"
)]
pub struct Demo {
    /// End after the story; the exit code says whether every step happened
    #[arg(long)]
    pub headless: bool,
    /// Where to listen.
    #[command(flatten)]
    pub listen: Listen,
}

/// Run the service
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate serve --config /etc/quorate/quorate.toml")]
pub struct Serve {
    /// Bring the database to this version first; for one machine, not for several replicas
    #[arg(long)]
    pub auto_migrate: bool,
    /// Where to listen.
    #[command(flatten)]
    pub listen: Listen,
}

/// Make the data directory, the database, the server's secret and an operator token
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate init --data-dir /var/lib/quorate")]
pub struct Init {
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Bring the database to this version
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate migrate --database postgres://quorate@localhost/quorate")]
pub struct Migrate {
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Create and look at accounts
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  quorate account list")]
pub enum AccountCommand {
    /// Create an account, and invite its first user
    Create(AccountCreate),
    /// List the accounts
    List(AccountList),
    /// Show one account: its owners, administrators and open cases
    Show(AccountShow),
}

/// Create an account, and invite its first user
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  quorate account create --name 'Example Ltd' --preset single-owner \\\n    --owner 'Alex Example <alex@example.org>' --administrator 'Kim Example <kim@example.org>'"
)]
pub struct AccountCreate {
    /// The account's name
    #[arg(long)]
    pub name: String,
    /// The roles and the policy to begin with: `recommended` if it is left out, and below another account what that says
    #[arg(long)]
    pub preset: Option<String>,
    /// The account that it stands below
    #[arg(long, value_name = "ACCOUNT")]
    pub parent: Option<String>,
    /// What you file it under, such as a project number
    #[arg(long)]
    pub reference: Option<String>,
    /// The first user, who becomes the owner, as `NAME <ADDRESS>`
    #[arg(long, value_name = "PERSON")]
    pub owner: String,
    /// An administrator, as `NAME <ADDRESS>`; may be repeated
    #[arg(long = "administrator", value_name = "PERSON")]
    pub administrators: Vec<String>,
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// List the accounts, each with its status and the account that it stands below
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate account list --json --limit 10")]
pub struct AccountList {
    /// How many, at most
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=200))]
    pub limit: u16,
    /// The `next` of the list before
    #[arg(long)]
    pub after: Option<String>,
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Show one account: its owners, administrators and open cases
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate account show acct_01h455vb4pex5vsknk084sn02q")]
pub struct AccountShow {
    /// The account's id
    #[arg(value_name = "ACCOUNT")]
    pub account: String,
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Create, look at and revoke operator and platform tokens
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  quorate token list")]
pub enum TokenCommand {
    /// Create a token and print it, once
    Create(TokenCreate),
    /// List the tokens, without what would let one use them
    List(TokenList),
    /// Revoke a token at once
    Revoke(TokenRevoke),
}

/// Create a token and print it, once
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate token create --kind platform --name billing --scope accounts.create")]
pub struct TokenCreate {
    /// What the token is for, in your words
    #[arg(long)]
    pub name: String,
    /// Whose token it is
    #[arg(long, default_value = "platform")]
    pub kind: TokenKind,
    /// What it may do; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Whose token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TokenKind {
    /// Of whoever runs the service
    Operator,
    /// Of the product beside it
    Platform,
}

/// List the tokens, without what would let one use them
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate token list --json")]
pub struct TokenList {
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Revoke a token at once
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate token revoke tokn_01h455vb4pex5vsknk084sn02q")]
pub struct TokenRevoke {
    /// The token's id
    #[arg(value_name = "TOKEN")]
    pub token: String,
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Take in mails by which people vote, and see what became of them
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  quorate mail list")]
pub enum MailCommand {
    /// List the mails that came in to vote, and why those were refused that were
    List(MailList),
    /// Take in one mail, from a mail server's pipe
    Receive(MailReceive),
}

/// List the mails that came in to vote, and why those were refused that were
///
/// The newest first. Of a mail that was refused, the sender may be a lie. Those are kept for 30 days.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate mail list --json --limit 10")]
pub struct MailList {
    /// How many, at most
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=200))]
    pub limit: u16,
    /// The `next` of the list before
    #[arg(long)]
    pub after: Option<String>,
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Take in one mail, from a mail server's pipe
///
/// The mail is read from standard input, as it came over the network. It is a vote, or, where it was sent to the return path of one of
/// our mails, a report about that. Exit code 0: it was judged, whether it counts or not; its sender is told. Exit code 75: it could
/// not be judged now, and the mail server is to try again.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  quorate mail receive < mail.eml\n  quorate mail receive --to votes@quorate.example.org < mail.eml"
)]
pub struct MailReceive {
    /// The address that it was sent to, out of the envelope: reports about our mails are known by it
    #[arg(long, value_name = "ADDRESS")]
    pub to: Option<String>,
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Check the certificate of a recovery
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  quorate certificate verify certificate.json")]
pub enum CertificateCommand {
    /// Check a certificate, offline
    Verify(CertificateVerify),
}

/// Check a certificate, offline
///
/// Exit code 0: it is right, and what it tells is printed. Exit code 1: it is not, and why.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate certificate verify certificate.json")]
pub struct CertificateVerify {
    /// The certificate; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The key that the log is known by, as `quorate audit keys` prints it
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Check paper keys
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  quorate key check")]
pub enum KeyCommand {
    /// Say which line of a typed paper key is wrong
    Check(KeyCheck),
}

/// Say which line of a typed paper key is wrong
///
/// The key is read from standard input, its lines below each other or in one. Nobody is asked, and nothing is kept: it works on any
/// machine, without a network. Exit code 1: something is wrong, and it is said in which line.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  quorate key check\n  quorate key check --json < key.txt")]
pub struct KeyCheck {
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Say what is wrong with this installation, and how to mend it
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate doctor --config /etc/quorate/quorate.toml")]
pub struct Doctor {
    /// How data is printed.
    #[command(flatten)]
    pub form: Form,
}

/// Print the description of the API (OpenAPI 3.1)
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate openapi > openapi.json")]
pub struct OpenApi;

/// Print the completions of a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  quorate completions bash > ~/.local/share/bash-completion/completions/quorate")]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}
