//! What a test reads of the world: mails as people read them, cases, owners, the activity log.

use std::collections::BTreeSet;

use quorate::{
    activity::{
        chain::{Replay, check_personal},
        personal::MAIL,
        topic,
    },
    app::check_case::compare,
    app::{
        authenticate::{Credential, authenticate},
        confirm_sign_in::ConfirmSignIn,
        error::Error,
        principal::Principal,
        prove::{Prove, RequestProof},
        prove_password::prove_by_password,
        redeem::{Answer, Done, Redeem},
        sign_in::SignIn,
    },
    id::{AccountId, CaseId, LinkId, TransferId, UserId},
    jobs::sign_ins,
    mail::{facts::ProofUse, mailbox},
    ownership::{
        preset::PrimaryOwner,
        transfer::{State, Transfer},
    },
    password::typed::Password,
    recovery::case::Case,
    store::tx::Backend,
    store::{
        accounts,
        activity::{self, Line},
        docket,
        entries::{self, Filter},
        mails::Status,
        members, outbox, scene, transfers, users,
    },
};

use tokio_util::sync::CancellationToken;

use super::{
    proof::{PASSWORD, equip},
    world::{Team, World},
};

/// A mail, as its reader sees it.
#[derive(Debug)]
pub struct Letter {
    pub entry: outbox::Entry,
    pub text: String,
}

impl Letter {
    /// The address of the one link that does something, if the mail has one.
    fn link(&self) -> Option<&str> {
        self.text.split_whitespace().find(|word| word.contains("/l/link_"))
    }
}

impl World {
    /// The mails of one kind to one person about an account, the oldest first.
    pub async fn letters(&self, account: AccountId, user: UserId, kind: &str) -> Vec<Letter> {
        let mut letters = Vec::new();
        for entry in self.outbox(account).await {
            if entry.to.user == Some(user) && entry.kind == kind {
                letters.push(self.letter(entry).await);
            }
        }
        letters
    }

    /// What was written to whom about an account.
    pub async fn outbox(&self, account: AccountId) -> Vec<outbox::Entry> {
        let mut tx = self.app.db.read().await.unwrap();
        let mut all: Vec<outbox::Entry> = Vec::new();
        loop {
            let after = all.last().map(|entry| entry.id);
            let page = outbox::of_account(&mut tx, account, after, 200).await.unwrap();
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    /// What was written to anybody.
    pub async fn everything_mailed(&self) -> Vec<outbox::Entry> {
        let kept = outbox::of_mailbox(&mut self.app.db.read().await.unwrap(), 1000).await.unwrap();
        kept.into_iter().map(|kept| kept.entry).collect()
    }

    async fn letter(&self, entry: outbox::Entry) -> Letter {
        let opened = mailbox::letter(&self.app, &self.post, entry.id).await.unwrap().unwrap();
        let rendered = opened.letter.unwrap().rendered;
        Letter { entry, text: rendered.text }
    }

    /// The link in the newest mail of that kind to that person, found as a reader finds it.
    pub async fn link(&self, account: AccountId, user: UserId, kind: &str) -> LinkId {
        let mut letters = self.letters(account, user, kind).await;
        letters.retain(|letter| letter.link().is_some());
        let letter = letters.pop().unwrap_or_else(|| panic!("no {kind} with a link"));
        let (_, token) = letter.link().unwrap().split_once("/l/").unwrap();
        self.app.secret.link_of(&token.replacen('#', ".", 1)).expect("the link is genuine")
    }

    pub async fn redeem(&self, link: LinkId, answer: Answer) -> Result<Done, Error> {
        self.app.db.run(Redeem { app: self.app.clone(), link, answer }).await
    }

    /// Follows the invitation that somebody got.
    pub async fn accept(&self, team: &Team, user: UserId) -> Result<Done, Error> {
        let link = self.link(team.id, user, "invitation").await;
        self.redeem(link, Answer::Confirm).await
    }

    /// Signs somebody in with the code that was mailed to them; the session's token.
    pub async fn sign_in(&self, user: UserId) -> String {
        let email = self.person(user).await.email;
        let asked = self.app.db.run(SignIn { app: self.app.clone(), email: email.clone() }).await.unwrap();
        self.mail_sign_ins().await;
        // Not the newest mail's: those of one moment are in no order.
        let code = self.app.secret.code(asked.request);
        let confirm = ConfirmSignIn { app: self.app.clone(), email, code, request: Some(asked.request), browser: None };
        let signed_in = self.app.db.run(confirm).await.unwrap().signed_in().unwrap();
        signed_in.token.reveal().to_owned()
    }

    /// Mails what was asked for by those who want to sign in, as the job does.
    pub async fn mail_sign_ins(&self) {
        assert_eq!(sign_ins::sweep(&self.app, &CancellationToken::new()).await.unwrap().failed, 0);
    }

    pub async fn who(&self, token: &str) -> Result<Principal, Error> {
        authenticate(&self.app, &Credential::new(token, None)).await
    }

    /// Proves who is there, with the code from their mail.
    pub async fn prove(&self, token: &str) -> Principal {
        let principal = self.who(token).await.unwrap();
        let what = ProofUse::Veto;
        self.app.db.run(RequestProof { app: self.app.clone(), principal: principal.clone(), what }).await.unwrap();
        let code = self.newest_code(principal.person_everywhere().unwrap(), "proof_code").await;
        self.app.db.run(Prove { app: self.app.clone(), principal, code }).await.unwrap().at().unwrap();
        self.who(token).await.unwrap()
    }

    /// The same, by a password that they have from the beginning.
    pub async fn prove_by_password(&self, token: &str) -> Principal {
        let principal = self.who(token).await.unwrap();
        equip(&self.app, &self.person(principal.person_everywhere().unwrap()).await.email).await;
        prove_by_password(&self.app, principal, Password::typed(PASSWORD)).await.unwrap();
        self.who(token).await.unwrap()
    }

    /// The code in the newest mail of that kind to somebody.
    pub async fn newest_code(&self, user: UserId, kind: &str) -> String {
        let kept = outbox::of_mailbox(&mut self.app.db.read().await.unwrap(), 200).await.unwrap();
        let mail = kept.into_iter().find(|kept| kept.entry.to.user == Some(user) && kept.entry.kind == kind).unwrap();
        let text = self.letter(mail.entry).await.text;
        let digits = |line: &str| line.chars().filter(char::is_ascii_digit).collect::<String>();
        text.lines().map(digits).find(|digits| digits.len() == 8).unwrap()
    }

    pub async fn person(&self, user: UserId) -> users::User {
        users::by_id(&mut self.app.db.read().await.unwrap(), user).await.unwrap().unwrap()
    }

    pub async fn members(&self, account: AccountId) -> Vec<members::Stored> {
        members::list(&mut self.app.db.read().await.unwrap(), account, None, 200).await.unwrap()
    }

    pub async fn member(&self, team: &Team, user: UserId) -> Option<members::Stored> {
        members::find(&mut self.app.db.read().await.unwrap(), team.id, user).await.unwrap()
    }

    pub async fn case(&self, case: CaseId) -> Case {
        scene::load(&mut self.app.db.read().await.unwrap(), case, None).await.unwrap().unwrap().case.case
    }

    pub async fn state(&self, case: &Case) -> &'static str {
        self.case(case.id()).await.state.word()
    }

    pub async fn owners(&self, team: &Team) -> BTreeSet<UserId> {
        members::owners(&mut self.app.db.read().await.unwrap(), team.id).await.unwrap()
    }

    /// The offer as it is stored.
    pub async fn transfer(&self, transfer: TransferId) -> Transfer {
        transfers::find(&mut self.app.db.read().await.unwrap(), transfer).await.unwrap().unwrap().transfer
    }

    /// The offers of the account that wait for an answer.
    pub async fn pending(&self, team: &Team) -> Vec<Transfer> {
        let mut all = transfers::list(&mut self.app.db.read().await.unwrap(), team.id, None, i64::MAX).await.unwrap();
        all.retain(|offer| offer.state == State::Pending);
        all
    }

    pub async fn primary(&self, team: &Team) -> Option<UserId> {
        accounts::find(&mut self.app.db.read().await.unwrap(), team.id).await.unwrap().unwrap().primary_owner
    }

    /// The kinds of the account's entries about offers and owners, the first first.
    pub async fn steps(&self, team: &Team) -> Vec<String> {
        let kinds = self.activity(team.id).await.into_iter().map(|line| line.kind);
        kinds.filter(|kind| kind.starts_with("transfer.") || kind.starts_with("owner.")).collect()
    }

    /// The account's whole log.
    pub async fn activity(&self, account: AccountId) -> Vec<Line> {
        let mut tx = self.app.db.snapshot().await.unwrap();
        entries::list(&mut tx, account, &Filter::default(), i64::MAX).await.unwrap()
    }

    /// How many entries of that kind a case has.
    pub async fn entries(&self, case: &Case, kind: &str) -> usize {
        self.lines(case, kind).await.len()
    }

    pub async fn lines(&self, case: &Case, kind: &str) -> Vec<Line> {
        let kinds = vec![topic::known(kind).unwrap()];
        let filter = Filter { case: Some(case.id()), kinds, ..Filter::default() };
        let mut tx = self.app.db.read().await.unwrap();
        entries::list(&mut tx, case.terms.account, &filter, i64::MAX).await.unwrap()
    }

    /// Replays the log of an account, compares it with the tables, and checks what must hold at every moment.
    pub async fn check(&self, account: AccountId) {
        let mut tx = self.app.db.snapshot().await.unwrap();
        let tx = &mut tx;
        let lines = entries::list(tx, account, &Filter::default(), i64::MAX).await.unwrap();
        let personal = activity::personal(tx, account, &lines).await.unwrap();
        let mut replay = Replay::new(account);
        let mut completed = 0;
        for line in &lines {
            let entry = replay.next(&line.body, line.hash().unwrap()).unwrap();
            for value in personal.iter().filter(|value| value.seq == line.seq) {
                let mail = if value.name == MAIL { activity::mail(tx, account, line.seq).await.unwrap() } else { None };
                let value = mail.as_ref().unwrap_or(value);
                check_personal(&entry, &value.name, &value.salt().unwrap(), &value.value).unwrap();
            }
            completed += usize::from(entry.kind == "case.completed");
        }
        let stored = accounts::find(tx, account).await.unwrap().unwrap();
        replay.finish(stored.head, &members::owners(tx, account).await.unwrap()).unwrap();
        assert_eq!(activity::owners(tx, account).await.unwrap(), *replay.owners());
        let people = members::key_people(tx, account).await.unwrap();
        let effective = people.iter().any(|person| person.member.is_effective_owner());
        assert!(effective || stored.status.word() == "pending", "an active account has an owner who can act");
        match self.app.presets.get(&stored.preset).unwrap().ownership.primary_owner {
            PrimaryOwner::None => assert_eq!(stored.primary_owner, None),
            PrimaryOwner::One => assert!(stored.primary_owner.is_some_and(|it| replay.owners().contains(&it))),
        }
        let offers = transfers::list(tx, account, None, i64::MAX).await.unwrap();
        let pending = offers.iter().filter(|offer| offer.state == State::Pending).count();
        assert!(pending <= 1, "at most one offer waits for an answer");
        let (mut with_quorum, mut done) = (0, 0);
        for case in docket::list(tx, account, None, i64::MAX).await.unwrap() {
            let case = scene::load(tx, case, None).await.unwrap().unwrap().case.case;
            compare(tx, &case).await.unwrap().unwrap();
            with_quorum += usize::from(case.state.holds_place());
            done += usize::from(case.state.word() == "completed");
        }
        assert!(with_quorum <= 1, "one place for a case with a quorum");
        assert_eq!(done, completed, "each completed case has one entry");
    }

    /// How many mails of an account were not sent yet.
    pub async fn queued(&self, account: AccountId) -> usize {
        self.outbox(account).await.iter().filter(|entry| entry.status == Status::Queued).count()
    }

    /// Takes the triggers of the embedded database away, as somebody would who owns the machine. On PostgreSQL a session does that for
    /// itself: `set session_replication_role = replica`.
    pub async fn disarm(&self) {
        if self.app.db.backend() == Backend::Sqlite {
            let triggers: Vec<String> = {
                let mut tx = self.app.db.read().await.unwrap();
                tx.sql("select name from sqlite_schema where type = 'trigger'").scalars().await.unwrap()
            };
            for trigger in triggers {
                self.script(&format!("drop trigger {trigger}")).await;
            }
        }
    }
}
