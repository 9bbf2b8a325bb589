//! What a page offers is what is accepted: for everybody, in every state, the dry run and the act give the same answer.

use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use quorate::{
    app::{
        act::{Asked, act},
        app::App,
        error::Error,
        here::Here,
        principal::Principal,
    },
    id::{CaseId, UserId},
    recovery::{ballot::Choice, policy::BallotWay},
    store::{db::Unit, tx::Tx},
};

use super::browser::Story;
use crate::harness::{TestDb, on_both, proof::shown};

on_both!(what_is_offered_is_accepted);

const PEOPLE: [&str; 5] = ["Olga Orlova", "Ben Bauer", "Cleo Costa", "Dora Dahl", "Nora North"];

async fn what_is_offered_is_accepted(test: TestDb) {
    let story = Story::opened(test).await;
    story.house.invite("Ben Bauer", "Nora North").await;
    let (link, token) = story.house.link("Nora North", "invitation").await;
    story.house.form(&format!("/l/{link}/do"), &[("token", &token)]).await;
    let mut offered = vec![everybody(&story).await];
    story.vote("Ben Bauer", "approve").await;
    offered.push(everybody(&story).await);
    story.vote("Dora Dahl", "approve").await;
    offered.push(everybody(&story).await);
    story.press(&story.browser("Olga Orlova").await, "/pause").await;
    offered.push(everybody(&story).await);
    story.pass(SignedDuration::from_hours(72)).await;
    story.press(&story.browser("Olga Orlova").await, "/pause").await;
    story.pass(SignedDuration::from_hours(72)).await;
    offered.push(everybody(&story).await);
    story.press(&story.browser("Dora Dahl").await, "/ballot/take-back").await;
    offered.push(everybody(&story).await);
    story.press(&story.browser("Ben Bauer").await, "/withdraw").await;
    offered.push(everybody(&story).await);
    // Opened, one vote, waiting, paused, waiting without a pause left, collecting again, withdrawn.
    assert_eq!(offered, [5, 6, 7, 6, 6, 6, 0], "otherwise this test may be comparing nothing");
}

/// Compares, for everybody and every act, and says how many acts were offered.
async fn everybody(story: &Story) -> usize {
    let mut offered = 0;
    // Another ten minutes, in which people may have as many codes mailed to them as before.
    story.pass(SignedDuration::from_mins(11)).await;
    for name in PEOPLE {
        let reader = story.browser(name).await;
        let me = story.house.call("GET", "/v1/me", &reader.token, None).await.json();
        let user: UserId = me["id"].as_str().unwrap_or_else(|| panic!("{me}")).parse().unwrap();
        let page = story.open(&reader, "").await;
        for (below, acts) in acts(story).await {
            let mut accepted = false;
            for asked in acts {
                accepted |= would_change(story, user, asked).await;
            }
            let shown = page.body.contains(&format!("href=\"/cases/{}{below}\"", story.case));
            assert_eq!(shown, accepted, "{name} {below} while {}", story.state().await);
            offered += usize::from(shown);
        }
    }
    offered
}

async fn acts(story: &Story) -> [(&'static str, Vec<Asked>); 5] {
    let terms_hash = story.shown().await["terms_hash"].as_str().unwrap().parse().unwrap();
    let cast = |choice| Asked::Cast { choice, terms_hash, way: BallotWay::SignedIn };
    [
        ("/vote", vec![cast(Choice::Approve), cast(Choice::Reject)]),
        ("/ballot/take-back", vec![Asked::TakeBack]),
        ("/pause", vec![Asked::Pause]),
        ("/veto", vec![Asked::Veto]),
        ("/withdraw", vec![Asked::Withdraw]),
    ]
}

/// Does the act for real, in a unit of work that then leaves no trace.
async fn would_change(story: &Story, user: UserId, asked: Asked) -> bool {
    let app = story.house.site.app.clone();
    let seen = Arc::new(Mutex::new(false));
    let unit = Undone { app: app.clone(), case: story.id(), asked, user, changed: Arc::clone(&seen) };
    assert!(app.db.run(unit).await.is_err());
    *seen.lock().unwrap()
}

struct Undone {
    app: App,
    case: CaseId,
    asked: Asked,
    user: UserId,
    changed: Arc<Mutex<bool>>,
}

impl Unit for Undone {
    type Out = ();
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<(), Error> {
        let (mut here, scene) = Here::enter_case(tx, &self.app, self.case, Some(self.user)).await?;
        let before = scene.case.case.clone();
        let principal =
            Principal::Person { user: self.user, session: None, within: None, proof: Some(shown(here.now)) };
        let after = act(&mut here, scene, self.asked, &principal).await?.case;
        *self.changed.lock().unwrap() = after != before;
        Err(Error::NotFound)
    }
}
