//! The fifth chapter: administrators vote by plain mails of their own, others try to in their names, and a program of the owner's
//! hears of what comes of it.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::{
    client::text,
    company::{DOMAIN, MailServer, VOTES, sentence, written},
    people::{Player, SignedIn},
    receiver::Receiver,
    story::{Stage, member},
    telling::Telling,
};
use crate::config::Limits;

struct Scene {
    account: String,
    owner: Player,
    administrators: [Player; 3],
    /// What the mail server has that brings mails in.
    token: String,
    receiver: Receiver,
    /// The secret of the receiver's endpoint.
    secret: String,
}

/// What became of a mail.
struct Judged {
    verdict: String,
    /// Why it was refused.
    reason: String,
    /// The same in a sentence.
    detail: String,
}

impl Stage {
    /// Plays the fifth chapter and returns its account. The first step that fails ends it.
    pub async fn play_by_mail(
        &self,
        tell: &mut Telling,
        company: &MailServer,
        limits: Limits,
    ) -> anyhow::Result<String> {
        let mut scene = self.have_told(tell, limits).await?;
        self.first_mail(tell, &mut scene, company).await?;
        self.forge(tell, &scene, company).await?;
        self.second_mail(tell, &mut scene, company).await?;
        Ok(scene.account)
    }

    async fn have_told(&self, tell: &mut Telling, limits: Limits) -> anyhow::Result<Scene> {
        tell.step("An owner has a program told what happens in their account")?;
        let owner = Player::new("Travelling Owner");
        let administrators = ["Administrator 11", "Administrator 12", "Administrator 13"].map(Player::new);
        let new = json!({
            "name": "Sixth example",
            "preset": "single-owner",
            "first_user": owner.json(),
            "administrators": administrators.iter().map(Player::json).collect::<Vec<_>>(),
        });
        let account = text(&self.client.post("/v1/accounts", Some(&self.operator), new).await?.good()?, "/id")?;
        for player in std::iter::once(&owner).chain(&administrators) {
            player.accept(&self.client, &self.mails).await?;
        }
        let mut receiver = Receiver::start(limits).await?;
        let secret = self.add_webhook(&account, &owner, &receiver).await?;
        tell.seen("they add a webhook endpoint, and get the secret by which the program knows what is genuine")?;
        let told = receiver.next("webhook.test", &secret).await?;
        ensure!(text(&told, "/data/account")? == account, "the test should name its account: {told}");
        tell.seen("a test arrives; the program checks its signature (Standard Webhooks): it is right")?;
        tell.note(&format!("the program is a small one of this story, at {}", receiver.url))?;
        let new = json!({"name": "mail server", "kind": "platform", "scopes": ["mail.receive"]});
        let token = text(&self.client.post("/v1/tokens", Some(&self.operator), new).await?.good()?, "/secret")?;
        Ok(Scene { account, owner, administrators, token, receiver, secret })
    }

    /// The owner adds an endpoint and has it tried. Its secret.
    async fn add_webhook(&self, account: &str, owner: &Player, receiver: &Receiver) -> anyhow::Result<String> {
        let listed = self.client.get(&format!("/v1/accounts/{account}/members"), &self.operator).await?.good()?;
        let token = owner.sign_in(&self.client, &self.mails).await?;
        let owner = SignedIn { user: member(&listed, owner)?, token, player: owner.clone() };
        owner.set_password(&self.client, &self.mails).await?;
        owner.prove(&self.client).await?;
        let (path, token) = (format!("/v1/accounts/{account}/webhooks"), Some(owner.token.as_str()));
        let added = self.client.post(&path, token, json!({"url": receiver.url})).await?.good()?;
        let test = format!("{path}/{}/test", text(&added, "/webhook/id")?);
        self.client.post(&test, token, json!({})).await?.good()?;
        text(&added, "/secret")
    }

    async fn first_mail(&self, tell: &mut Telling, scene: &mut Scene, company: &MailServer) -> anyhow::Result<()> {
        tell.step("The owner cannot be contacted: Administrator 11 writes a mail")?;
        let [first, nominee, _] = &scene.administrators;
        let words = sentence(&scene.owner, nominee);
        tell.note(&format!("to {VOTES}: «{words}»"))?;
        let now = self.mails.app.now();
        let mail = company.sends(&written(first, &words, now)?, now)?;
        let judged = self.bring(scene, mail.clone()).await?;
        ensure!(judged.verdict == "counted", "the mail should count: {}", judged.detail);
        tell.seen(&format!("the mail server of {DOMAIN} has signed it (DKIM), so it opens a case and counts: 1 of 2"))?;
        tell.note("a stand-in for the DNS publishes its key here; outside of this story, the real one does")?;
        self.is_kept(scene).await?;
        tell.seen("what was signed is kept, with that key, as the proof of this ballot: no list shows it, a certificate has it")?;
        let told = scene.receiver.next("case.opened", &scene.secret).await?;
        ensure!(told.pointer("/data/required") == Some(&json!(2)), "2 approvals should be required: {told}");
        tell.seen(
            "the owner\u{2019}s program hears at once that a case was opened, by a webhook that is rightly signed",
        )?;
        let again = self.refused(scene, mail, "replayed").await?;
        tell.seen(&format!("the same mail once more? {again}"))
    }

    /// Of the ballot it is in the log by which key its mail was checked, and not what it says.
    async fn is_kept(&self, scene: &Scene) -> anyhow::Result<()> {
        let path = format!("/v1/accounts/{}/activity?kind=case.ballot_cast", scene.account);
        let page = self.client.get(&path, &self.operator).await?.good()?;
        let kept = page.pointer("/items/0/entry/personal/mail").is_some()
            && page.pointer("/items/0/entry/data/mail/key").is_some()
            && page.pointer("/items/0/values") == Some(&json!({}));
        ensure!(kept, "the mail should be kept: {page}");
        Ok(())
    }

    async fn forge(&self, tell: &mut Telling, scene: &Scene, company: &MailServer) -> anyhow::Result<()> {
        tell.step("Others write in the name of Administrator 12")?;
        let [_, second, third] = &scene.administrators;
        let now = self.mails.app.now();
        let stranger = MailServer::of("stranger.example")?;
        let forged = written(second, &sentence(&scene.owner, second), now)?;
        let reason = self.refused(scene, stranger.sends(&forged, now)?, "not_aligned").await?;
        tell.seen(&format!("from a mail server of their own? {reason}"))?;
        let reason = self.refused(scene, MailServer::of(DOMAIN)?.sends(&forged, now)?, "signature_wrong").await?;
        tell.seen(&format!("with a signature that they made themselves? {reason}"))?;
        let genuine = String::from_utf8(company.sends(&forged, now)?).context("our mails are text")?;
        let changed = genuine.replace(&sentence(&scene.owner, second), &sentence(&scene.owner, third));
        let reason = self.refused(scene, changed.into_bytes(), "body_changed").await?;
        tell.seen(&format!("with another name in a mail that they caught on its way? {reason}"))
    }

    async fn second_mail(&self, tell: &mut Telling, scene: &mut Scene, company: &MailServer) -> anyhow::Result<()> {
        tell.step("Administrator 12\u{2019}s own mail makes the quorum")?;
        let [_, second, _] = &scene.administrators;
        let now = self.mails.app.now();
        let mail = company.sends(&written(second, &sentence(&scene.owner, second), now)?, now)?;
        let judged = self.bring(scene, mail).await?;
        ensure!(judged.verdict == "counted", "the mail should count: {}", judged.detail);
        let told = scene.receiver.next("case.waiting", &scene.secret).await?;
        tell.seen(&format!("2 of 2: ownership changes at {}, unless the owner objects", text(&told, "/data/due_at")?))?;
        let alert = self.mails.alert(&scene.owner.email, "quorum").await?;
        tell.seen(&format!(
            "the owner\u{2019}s program hears of that, too, and the owner is alerted: «{}»",
            alert.subject
        ))
    }

    /// Brings a mail in, as a mail server does.
    async fn bring(&self, scene: &Scene, mail: Vec<u8>) -> anyhow::Result<Judged> {
        let judged = self.client.bring("/v1/mail/inbound", &scene.token, mail).await?.good()?;
        let word = |name: &str| judged.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Judged { verdict: word("verdict"), reason: word("reason"), detail: word("detail") })
    }

    /// Brings in a mail that is refused just so. The sentence.
    async fn refused(&self, scene: &Scene, mail: Vec<u8>, code: &str) -> anyhow::Result<String> {
        let Judged { verdict, reason, detail } = self.bring(scene, mail).await?;
        ensure!(
            (verdict.as_str(), reason.as_str()) == ("refused", code),
            "the mail should be refused with `{code}`, and was {verdict}, `{reason}`: {detail}"
        );
        Ok(detail)
    }
}
