//! Makes the codes and links of a mail usable: derives them from the server's secret.
//!
//! A link is `{public_url}/l/{id}#{proof}`, or `{public_url}/sign-in/link/{id}#{proof}`. The id is no secret, so the server may see it in the path and in its log;
//! the proof stands in the fragment, which browsers do not send. The page posts both together, as `id.proof`.

use super::render::Reveal;
use crate::{
    id::{CodeId, LinkId},
    ownership::address::Email,
    secret::ServerSecret,
};

/// Derives codes and links for mails.
#[derive(Debug, Clone, Copy)]
pub struct Revealer<'a> {
    /// What everything is derived from.
    pub secret: &'a ServerSecret,
    /// Where the service is reached, without a slash at the end.
    pub public_url: &'a str,
    /// Where votes by mail go.
    pub inbound: Option<&'a Email>,
}

impl Reveal for Revealer<'_> {
    fn code(&self, id: CodeId) -> String {
        self.secret.code(id)
    }

    fn key_code(&self, id: CodeId) -> String {
        self.secret.recovery_code(id)
    }

    fn link(&self, id: LinkId) -> String {
        format!("{}/l/{id}#{}", self.public_url, self.secret.link_proof(id))
    }

    fn answer_address(&self, id: LinkId) -> Option<String> {
        let (local, domain) = self.inbound?.as_str().split_once('@')?;
        Some(format!("{local}+{}@{domain}", self.secret.answer_token(id)))
    }

    fn sign_in_link(&self, id: CodeId) -> String {
        format!("{}/sign-in/link/{id}#{}", self.public_url, self.secret.sign_in_proof(id))
    }

    fn recovery_link(&self, id: CodeId) -> String {
        format!("{}/recovery-address/{id}#{}", self.public_url, self.secret.recovery_proof(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{moment::Moment, secret::Chance};

    #[test]
    fn a_link_carries_its_token_in_two_halves() {
        let chance = Chance::seeded(5);
        let secret = ServerSecret::generate(&chance);
        let link: LinkId = chance.id(Moment::from_micros(1));
        let reveal = Revealer { secret: &secret, public_url: "https://quorate.example", inbound: None };
        let url = reveal.link(link);
        let rest = url.strip_prefix("https://quorate.example/l/").unwrap();
        let (id, proof) = rest.split_once('#').unwrap();
        assert_eq!(secret.link_of(&format!("{id}.{proof}")), Some(link));
        assert_eq!(format!("{id}.{proof}"), secret.link_token(link));
    }
}
