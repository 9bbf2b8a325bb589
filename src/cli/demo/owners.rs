//! The second chapter: owners who are there. They appoint each other, nobody takes anything from them, and one hands over.

use anyhow::ensure;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{
    client::{Answer, text},
    people::{Player, SignedIn},
    story::{Stage, member},
    telling::Telling,
};

/// The role without access, in the preset that this account follows.
const NO_ACCESS: &str = "no_console";

struct Scene {
    account: String,
    founder: SignedIn,
    second: SignedIn,
    successor: SignedIn,
    administrator: SignedIn,
}

impl Stage {
    /// Plays the second chapter and returns its account. The first step that fails ends it.
    pub async fn play_owners(&self, tell: &mut Telling) -> anyhow::Result<String> {
        let mut scene = self.found(tell).await?;
        self.appoint(tell, &scene).await?;
        self.protect(tell, &scene).await?;
        self.way_out(tell, &mut scene).await?;
        self.hand_over(tell, &scene).await?;
        Ok(scene.account)
    }

    async fn found(&self, tell: &mut Telling) -> anyhow::Result<Scene> {
        tell.step("Another account, whose owner is there")?;
        let founder = Player::new("Founder");
        let others = ["Second Owner", "Successor", "Administrator 7"].map(Player::new);
        let new = json!({
            "name": "Third example",
            "preset": "account-and-customers",
            "first_user": founder.json(),
            "administrators": others.iter().map(Player::json).collect::<Vec<_>>(),
        });
        let account = self.client.post("/v1/accounts", Some(&self.operator), new).await?.good()?;
        let account = text(&account, "/id")?;
        for player in std::iter::once(&founder).chain(&others) {
            player.accept(&self.client, &self.mails).await?;
        }
        let members = format!("/v1/accounts/{account}/members");
        let listed = self.client.get(&members, &self.operator).await?.good()?;
        let enter = async |player: Player| -> anyhow::Result<SignedIn> {
            let token = player.sign_in(&self.client, &self.mails).await?;
            let person = SignedIn { user: member(&listed, &player)?, token, player };
            person.set_password(&self.client, &self.mails).await?;
            Ok(person)
        };
        let [second, successor, administrator] = others;
        let scene = Scene {
            founder: enter(founder).await?,
            second: enter(second).await?,
            successor: enter(successor).await?,
            administrator: enter(administrator).await?,
            account,
        };
        self.owners_are(&scene, &[&scene.founder]).await?;
        tell.seen("Founder owns it, alone, with three administrators")?;
        tell.seen(
            "each sets a password, with a mailed code: that is enough on the day on which they confirm their address",
        )?;
        Ok(scene)
    }

    async fn appoint(&self, tell: &mut Telling, scene: &Scene) -> anyhow::Result<()> {
        tell.step("An owner makes another member an owner too")?;
        let Scene { founder, second, .. } = scene;
        let reason = self.grant(scene, founder, second).await?.refused(StatusCode::FORBIDDEN, "needs_credential")?;
        tell.seen(&format!("being signed in is not enough, and neither is the code that was mailed: {reason}"))?;
        founder.prove(&self.client).await?;
        self.grant(scene, founder, second).await?.good()?;
        self.owners_are(scene, &[founder, second]).await?;
        tell.seen("once Founder has typed the password again, Second Owner owns the account as well")?;
        let alert = self.mails.newest(&founder.player.email, "owners_changed").await?;
        tell.seen(&format!("the owner there was is told by mail: «{}»", alert.subject))?;
        let welcome = self.mails.newest(&second.player.email, "new_owner_welcome").await?;
        tell.seen(&format!("and so is the new one: «{}»", welcome.subject))
    }

    async fn protect(&self, tell: &mut Telling, scene: &Scene) -> anyhow::Result<()> {
        tell.step("As long as they own it, nobody takes anything from them")?;
        let Scene { founder, second, administrator, .. } = scene;
        let place = place(scene, founder);
        let protected = |answer: Answer| answer.refused(StatusCode::CONFLICT, "owner_protected");
        let suspend = self.call(administrator, Method::PATCH, &place, json!({"status": "suspended"})).await?;
        tell.seen(&format!("suspend an owner? {}", protected(suspend)?))?;
        let demote = self.call(administrator, Method::PATCH, &place, json!({"role": NO_ACCESS})).await?;
        tell.seen(&format!("give them a role without access? {}", protected(demote)?))?;
        let delete = self.call(second, Method::DELETE, &place, Value::Null).await?;
        tell.seen(&format!("delete them, even as the other owner? {}", protected(delete)?))?;
        let email = self.call(founder, Method::POST, "/v1/me/email", json!({"email": "new@example.org"})).await?;
        tell.seen(&format!("change one\u{2019}s own address? {}", protected(email)?))?;
        self.owners_are(scene, &[founder, second]).await
    }

    async fn way_out(&self, tell: &mut Telling, scene: &mut Scene) -> anyhow::Result<()> {
        tell.step("The way out: revoke, make the change, grant it back")?;
        let Scene { founder, second, .. } = &*scene;
        let reason = self.revoke(scene, second, founder).await?.refused(StatusCode::FORBIDDEN, "needs_credential")?;
        tell.seen(&format!("revoking takes a proof of one\u{2019}s own: {reason}"))?;
        self.revoke(scene, founder, second).await?.good()?;
        self.owners_are(scene, &[founder]).await?;
        tell.seen("Founder revokes the ownership of Second Owner")?;
        let reason = self.revoke(scene, founder, founder).await?.refused(StatusCode::CONFLICT, "last_owner")?;
        tell.seen(&format!("revoke the last one as well? {reason}"))?;
        let place = place(scene, second);
        for (field, values) in [("status", ["suspended", "active"]), ("role", [NO_ACCESS, "administrator"])] {
            for value in values {
                let changed = self.call(founder, Method::PATCH, &place, json!({field: value})).await?.good()?;
                ensure!(text(&changed, &format!("/{field}"))? == value, "{field} should be {value}: {changed}");
            }
        }
        tell.seen("now Second Owner can be suspended, and lose access to the console, and is let back in")?;
        second.prove(&self.client).await?;
        scene.second.move_to("second@new.example.org", &self.client, &self.mails).await?;
        tell.seen("and can move to another address, with a code that was mailed there")?;
        self.grant(scene, &scene.founder, &scene.second).await?.good()?;
        self.owners_are(scene, &[&scene.founder, &scene.second]).await?;
        tell.seen("and is made an owner again")
    }

    async fn hand_over(&self, tell: &mut Telling, scene: &Scene) -> anyhow::Result<()> {
        tell.step("An owner hands over")?;
        let Scene { founder, second, successor, .. } = scene;
        let path = format!("/v1/accounts/{}/transfers", scene.account);
        let offered = self.call(founder, Method::POST, &path, json!({"to": successor.user})).await?.good()?;
        let mail = self.mails.newest(&successor.player.email, "transfer_request").await?;
        tell.seen(&format!("Founder offers their ownership to Successor, who is asked by mail: «{}»", mail.subject))?;
        self.owners_are(scene, &[founder, second]).await?;
        tell.seen(&format!("until they accept, at the latest at {}, nothing changes", text(&offered, "/expires_at")?))?;
        let token = mail.link_token()?;
        let by_link = json!({"token": token, "confirm": true});
        let answer = self.client.post("/v1/links/redeem", None, by_link).await?;
        let reason = answer.refused(StatusCode::FORBIDDEN, "needs_credential")?;
        tell.seen(&format!("accept by the link in that mail? {reason}"))?;
        successor.prove(&self.client).await?;
        let accept = format!("/v1/transfers/{}/accept", text(&offered, "/id")?);
        self.call(successor, Method::POST, &accept, json!({})).await?.good()?;
        self.owners_are(scene, &[second, successor]).await?;
        tell.seen(
            "Successor signs in, types the password again and accepts: they own the account in the place of Founder",
        )?;
        let theirs = self.client.get(&place(scene, founder), &founder.token).await?.good()?;
        ensure!(text(&theirs, "/role")? == "administrator", "they should keep their role: {theirs}");
        tell.seen("who stays what they were besides, an administrator")?;
        let mut told = Vec::new();
        for (who, may) in [(successor, true), (founder, false)] {
            let asked = json!({
                "subject": {"type": "user", "id": who.user},
                "action": {"name": "settings.manage"},
                "resource": {"type": "account", "id": scene.account},
            });
            let answer = self.client.post("/access/v1/evaluation", Some(&self.operator), asked).await?.good()?;
            ensure!(answer.get("decision") == Some(&Value::Bool(may)), "the settings are for owners: {answer}");
            told.push(text(&answer, "/context/reason/sentence")?);
        }
        tell.seen("the product asks who may change the settings:")?;
        tell.note(&format!("Successor? Yes: {}", told.first().map_or("", String::as_str)))?;
        tell.note(&format!("Founder? No: {}", told.last().map_or("", String::as_str)))
    }

    async fn owners_are(&self, scene: &Scene, expected: &[&SignedIn]) -> anyhow::Result<()> {
        let path = format!("/v1/accounts/{}/owners", scene.account);
        let listed = self.client.get(&path, &self.operator).await?.good()?;
        let items = listed.pointer("/items").and_then(Value::as_array).into_iter().flatten();
        let owners: Vec<&str> = items.filter_map(|item| item.get("user").and_then(Value::as_str)).collect();
        let right = owners.len() == expected.len() && expected.iter().all(|who| owners.contains(&who.user.as_str()));
        ensure!(right, "other people own the account: {listed}");
        Ok(())
    }

    async fn grant(&self, scene: &Scene, by: &SignedIn, who: &SignedIn) -> anyhow::Result<Answer> {
        let path = format!("/v1/accounts/{}/owners", scene.account);
        self.call(by, Method::POST, &path, json!({"user": who.user})).await
    }

    async fn revoke(&self, scene: &Scene, by: &SignedIn, who: &SignedIn) -> anyhow::Result<Answer> {
        let path = format!("/v1/accounts/{}/owners/{}", scene.account, who.user);
        self.call(by, Method::DELETE, &path, Value::Null).await
    }

    async fn call(&self, by: &SignedIn, method: Method, path: &str, body: Value) -> anyhow::Result<Answer> {
        self.client.call(method, path, Some(&by.token), Some(body).filter(|body| !body.is_null())).await
    }
}

/// Where a member stands.
fn place(scene: &Scene, who: &SignedIn) -> String {
    format!("/v1/accounts/{}/members/{}", scene.account, who.user)
}
