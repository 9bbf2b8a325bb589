//! Mails as a mail server delivered them into a Maildir, read as a mail program reads them.

use std::path::Path;

use mail_parser::{MessageParser, MimeHeaders};

/// A mail in a mailbox.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// Everything, as it lies in the file; the server has made each CRLF an LF.
    pub raw: String,
    /// Whose mailbox it is.
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub message_id: String,
}

impl Delivered {
    /// All of a directory, oldest first: a file's name begins with its second, and tells the microsecond behind `M`.
    pub fn all(directory: &Path) -> Vec<Self> {
        let mut files: Vec<_> = std::fs::read_dir(directory).into_iter().flatten().flatten().collect();
        files.sort_by_key(|file| {
            let name = file.file_name().into_string().unwrap();
            let micros = name.split_once('M').map(|(_, rest)| rest.split_once('.').unwrap().0.parse::<u32>().unwrap());
            (name.split_once('.').unwrap().0.to_owned(), micros)
        });
        files.iter().map(|file| Self::parse(std::fs::read_to_string(file.path()).unwrap())).collect()
    }

    fn parse(raw: String) -> Self {
        let mail = MessageParser::default().parse(raw.as_bytes()).unwrap();
        assert!(mail.content_type().is_some_and(|kind| kind.subtype() == Some("alternative")), "{raw}");
        let to = mail.header_raw("Delivered-To").unwrap().trim().to_owned();
        let body = |body: Option<std::borrow::Cow<'_, str>>| body.unwrap().replace("\r\n", "\n");
        let (text, html) = (body(mail.body_text(0)), body(mail.body_html(0)));
        let subject = mail.subject().unwrap().to_owned();
        let message_id = mail.message_id().unwrap().to_owned();
        drop(mail);
        Self { raw, to, subject, text, html, message_id }
    }

    /// The token of the action link in it: what its page would post.
    pub fn link_token(&self) -> Option<String> {
        let link = self.text.split_whitespace().find(|word| word.contains("/l/link_") && word.contains('#'))?;
        let (id, proof) = link.split_once("/l/")?.1.split_once('#')?;
        Some(format!("{id}.{proof}"))
    }

    /// The typed code in it.
    pub fn code(&self) -> Option<String> {
        let digits = |line: &str| line.chars().filter(char::is_ascii_digit).collect::<String>();
        let codes = |line: &&str| line.chars().all(|c| c.is_ascii_digit() || c == ' ') && digits(line).len() == 8;
        self.text.lines().map(str::trim).find(codes).map(digits)
    }
}
