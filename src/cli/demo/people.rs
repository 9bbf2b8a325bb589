//! Who plays in the story, and how they sign in.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    client::{Client, text},
    mails::Mails,
};

/// What everybody in the story who needs a password has for one.
const PASSWORD: &str = "tractor-violet-armchair";

/// Somebody in the story.
#[derive(Debug, Clone)]
pub struct Player {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Somebody who has signed in.
pub struct SignedIn {
    /// Who.
    pub player: Player,
    /// Their id.
    pub user: String,
    /// Their session's token.
    pub token: String,
}

impl SignedIn {
    /// Sets a password, with a mailed code: on the first day that is enough.
    pub async fn set_password(&self, client: &Client, mails: &Mails) -> anyhow::Result<()> {
        self.prove_by_mail(client, mails).await?;
        let password = json!({"password": PASSWORD});
        client.call(Method::PUT, "/v1/me/password", Some(&self.token), Some(password)).await?.good()?;
        Ok(())
    }

    /// Proves that they read their mailbox.
    pub async fn prove_by_mail(&self, client: &Client, mails: &Mails) -> anyhow::Result<()> {
        client.post("/v1/proof", Some(&self.token), json!({})).await?.good()?;
        let code = mails.newest(&self.player.email, "proof_code").await?.code()?;
        client.post("/v1/proof", Some(&self.token), json!({"code": code})).await?.good()?;
        Ok(())
    }

    /// Proves with their password that it is them.
    pub async fn prove(&self, client: &Client) -> anyhow::Result<()> {
        client.post("/v1/proof", Some(&self.token), json!({"password": PASSWORD})).await?.good()?;
        Ok(())
    }

    /// They change their address, with the code that is mailed to the new one.
    pub async fn move_to(&mut self, email: &str, client: &Client, mails: &Mails) -> anyhow::Result<()> {
        client.post("/v1/me/email", Some(&self.token), json!({"email": email})).await?.good()?;
        let code = mails.newest(email, "email_code").await?.code()?;
        client.post("/v1/me/email/confirm", Some(&self.token), json!({"code": code})).await?.good()?;
        email.clone_into(&mut self.player.email);
        Ok(())
    }
}

impl Player {
    /// Somebody of that name.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), email: format!("{}@example.org", name.to_lowercase().replace(' ', "-")) }
    }

    /// As the API takes them.
    pub fn json(&self) -> Value {
        json!({"name": self.name, "email": self.email})
    }

    /// Signs in with the code that is mailed to them.
    pub async fn sign_in(&self, client: &Client, mails: &Mails) -> anyhow::Result<String> {
        let asked = client.post("/v1/sign-in", None, json!({"email": self.email})).await?.good()?;
        let code = mails.newest(&self.email, "sign_in_code").await?.code()?;
        let confirm = json!({"email": self.email, "code": code, "request": text(&asked, "/request")?});
        text(&client.post("/v1/sign-in/confirm", None, confirm).await?.good()?, "/token")
    }

    /// Accepts the invitation that was mailed to them, by its link.
    pub async fn accept(&self, client: &Client, mails: &Mails) -> anyhow::Result<()> {
        let token = mails.newest(&self.email, "invitation").await?.link_token()?;
        client.post("/v1/links/redeem", None, json!({"token": token, "confirm": true})).await?.good()?;
        Ok(())
    }
}
