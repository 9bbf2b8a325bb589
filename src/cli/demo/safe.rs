//! The fourth chapter: the safe is opened. A paper key and its holder's mailbox make a new owner, who has never been here before.

use anyhow::{Context, ensure};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{
    client::{part, text},
    people::{Player, SignedIn},
    story::{Ending, Stage, WAITING_SECONDS, member},
    telling::Telling,
};
use crate::passkey::software::{PRESENT, SoftKey, VERIFIED};

struct Scene {
    account: String,
    owner: SignedIn,
    /// Who holds the paper key.
    holder: Player,
    /// Whom they will name.
    successor: Player,
}

impl Stage {
    /// Plays the fourth chapter. The first step that fails ends it.
    pub async fn play_safe(&self, tell: &mut Telling) -> anyhow::Result<Ending> {
        let scene = self.furnish(tell).await?;
        let key = self.issue(tell, &scene).await?;
        self.drill(tell, &scene, &key).await?;
        let case = self.redeem(tell, &scene, &key).await?;
        self.accept_nomination(tell, &scene, &case).await?;
        self.enrol(tell, &scene, &key).await?;
        Ok(Ending { account: scene.account, case })
    }

    async fn furnish(&self, tell: &mut Telling) -> anyhow::Result<Scene> {
        tell.step("An account with one owner, and nobody beside them")?;
        let owner = Player::new("Lone Owner");
        let new = json!({
            "name": "Fifth example",
            "preset": "recommended",
            "first_user": owner.json(),
            "policy": {"key_waiting_period": format!("{WAITING_SECONDS}s"), "min_notice": "2s"},
        });
        let account = text(&self.client.post("/v1/accounts", Some(&self.operator), new).await?.good()?, "/id")?;
        owner.accept(&self.client, &self.mails).await?;
        let token = owner.sign_in(&self.client, &self.mails).await?;
        let listed = self.client.get(&format!("/v1/accounts/{account}/members"), &self.operator).await?.good()?;
        let owner = SignedIn { user: member(&listed, &owner)?, token, player: owner };
        owner.set_password(&self.client, &self.mails).await?;
        owner.prove(&self.client).await?;
        tell.seen("no administrators could vote here, so a paper key is the way back")?;
        Ok(Scene { account, owner, holder: Player::new("Lawyer"), successor: Player::new("Heir") })
    }

    /// Has the owner choose somebody, and print them a key. The key, as its sheet has it.
    async fn issue(&self, tell: &Telling, scene: &Scene) -> anyhow::Result<Vec<String>> {
        let Scene { account, owner, holder, .. } = scene;
        let token = Some(owner.token.as_str());
        let users = format!("/v1/accounts/{account}/recovery-users");
        let new = json!({"name": holder.name, "emails": [holder.email]});
        let user = text(&self.client.post(&users, token, new).await?.good()?, "/id")?;
        let mail = self.mails.newest(&holder.email, "recovery_request").await?;
        let (page, proof) = mail.link()?;
        let link = page.rsplit('/').next().context("a link has a path")?;
        let confirm = json!({"token": format!("{link}.{proof}"), "confirm": true});
        self.client.post(&format!("{users}/{user}/confirm"), None, confirm).await?.good()?;
        tell.seen("they choose Lawyer as recovery user, who confirms the recovery address by the link in their mail")?;
        let issued = self.client.post(&format!("{users}/{user}/paper-keys"), token, json!({})).await?.good()?;
        let lines = part(&issued, "/lines")?.as_array().into_iter().flatten();
        let lines: Vec<String> = lines.filter_map(Value::as_str).map(str::to_owned).collect();
        ensure!(lines.len() == 4, "a sheet has four lines: {}", lines.len());
        tell.seen("they issue a paper key. Its sheet is shown once, and goes into Lawyer's safe:")?;
        for line in &lines {
            tell.note(line)?;
        }
        Ok(lines)
    }

    async fn drill(&self, tell: &mut Telling, scene: &Scene, key: &[String]) -> anyhow::Result<()> {
        tell.step("A drill: do key and mailbox still work?")?;
        let Scene { owner, holder, .. } = scene;
        let begun = json!({"paper_key": key.join("\n")});
        let begun = self.client.post("/v1/paper-keys/drill", None, begun).await?.good()?;
        let code = self.mails.newest(&holder.email, "drill_code").await?.code()?;
        let end = json!({"drill": part(&begun, "/drill")?, "code": code});
        let done = self.client.post("/v1/paper-keys/drill/confirm", None, end).await?.good()?;
        tell.seen(&format!("both work, and key {} is not spent", text(&done, "/number")?))?;
        let told = self.mails.about(&owner.player.email, "paper_key_changed", "drilled").await?;
        tell.seen(&format!("the owner was told: «{}»", told.subject))
    }

    async fn redeem(&self, tell: &mut Telling, scene: &Scene, key: &[String]) -> anyhow::Result<String> {
        tell.step("The owner is lost: Lawyer opens the safe")?;
        let Scene { owner, holder, successor, .. } = scene;
        let typed = |lines: &[String]| json!({"paper_key": lines.join("\n")});
        let mut mistyped = key.to_vec();
        let second = mistyped.get_mut(1).context("a sheet has four lines")?;
        let wrong = if second.starts_with('7') { "8" } else { "7" };
        second.replace_range(..1, wrong);
        let reason = self.client.post("/v1/recoveries", None, typed(&mistyped)).await?;
        ensure!(reason.status == StatusCode::UNPROCESSABLE_ENTITY, "a wrong letter should be found: {}", reason.body);
        tell.seen(&format!("one letter is wrong, and it is said where: {}", text(&reason.body, "/errors/0/detail")?))?;
        let begun = self.client.post("/v1/recoveries", None, typed(key)).await?.good()?;
        let alert = self.mails.about(&owner.player.email, "paper_key_changed", "somebody").await?;
        tell.seen(&format!("the key is right; the owner is alerted at once: «{}»", alert.subject))?;
        let code = self.mails.newest(&holder.email, "key_code").await?.code()?;
        let confirm = format!("/v1/recoveries/{}/confirm", text(&begun, "/recovery")?);
        let wanted = json!({
            "code": code,
            "kind": "replace",
            "new_owner": successor.json(),
            "statement": "The owner has died. The court has named their heir.",
        });
        let case = self.client.post(&confirm, None, wanted.clone()).await?.good()?;
        ensure!(text(&case, "/state")? == "collecting", "the heir has yet to accept: {case}");
        tell.seen("with the code from their mailbox, Lawyer names Heir; the key is spent")?;
        let again = self.client.post(&confirm, None, wanted).await?;
        let reason = again.refused(StatusCode::UNPROCESSABLE_ENTITY, "wrong_code")?;
        tell.seen(&format!("the same again is refused: {reason}"))?;
        text(&case, "/id")
    }

    async fn accept_nomination(&self, tell: &mut Telling, scene: &Scene, case: &str) -> anyhow::Result<()> {
        let token = self.mails.newest(&scene.successor.email, "nomination").await?.link_token()?;
        let accepted = json!({"token": token, "confirm": true});
        let accepted = self.client.post("/v1/links/redeem", None, accepted).await?.good()?;
        ensure!(text(&accepted, "/case/state")? == "waiting", "the waiting period should run: {accepted}");
        tell.seen("Heir accepts by the link in their mail, and the waiting period begins")?;
        let alert = self.mails.alert(&scene.owner.player.email, "quorum").await?;
        alert.link_token()?;
        tell.seen(&format!("the owner was alerted, with a link that stops the clock: «{}»", alert.subject))?;
        self.complete(tell, &self.operator, case).await
    }

    async fn enrol(&self, tell: &mut Telling, scene: &Scene, key: &[String]) -> anyhow::Result<()> {
        tell.step("The heir gets a device of their own")?;
        let Scene { account, owner, successor, .. } = scene;
        let link = self.mails.newest(&successor.email, "new_owner_welcome").await?.link_token()?;
        let asked = json!({"token": link});
        let asked = self.client.post("/v1/links/enrol/options", None, asked).await?.good()?;
        let options = part(&asked, "/options")?;
        let mut passkey = SoftKey::make(options)?;
        let made = json!({
            "token": link,
            "ceremony": part(&asked, "/ceremony")?,
            "name": "In software",
            "answer": passkey.made(options, &self.site, PRESENT | VERIFIED)?,
        });
        self.client.post("/v1/links/enrol", None, made).await?.good()?;
        let asked = self.client.post("/v1/sign-in/passkey/options", None, json!({})).await?.good()?;
        let answer = passkey.shown(part(&asked, "/options")?, &self.site, PRESENT | VERIFIED)?;
        let shown = json!({"ceremony": part(&asked, "/ceremony")?, "answer": answer});
        let token = text(&self.client.post("/v1/sign-in/passkey", None, shown).await?.good()?, "/token")?;
        let owners = self.client.get(&format!("/v1/accounts/{account}/owners"), &token).await?.good()?;
        ensure!(text(&owners, "/items/0/email")? == successor.email, "the heir should own the account: {owners}");
        ensure!(owners.pointer("/items/1").is_none(), "there should be one owner: {owners}");
        tell.seen("Heir makes a passkey with the link that only they got, signs in with it, and owns the account")?;
        let former = self.client.get(&format!("/v1/accounts/{account}"), &owner.token).await?;
        ensure!(former.status == StatusCode::UNAUTHORIZED, "their session should be over: {}", former.body);
        tell.seen("the session of the owner before them has ended")?;
        let spent = json!({"paper_key": key.join("\n")});
        let spent = self.client.post("/v1/paper-keys/drill", None, spent).await?;
        ensure!(!spent.status.is_success(), "the key should be spent: {}", spent.body);
        tell.seen(&format!("and the key in the safe works no more: {}", text(&spent.body, "/detail")?))
    }
}
