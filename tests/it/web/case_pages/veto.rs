//! Owners object by the pages: a pause with one button, a veto with fresh proof. And the opener withdraws.

use jiff::SignedDuration;

use super::browser::{Story, place, read};
use crate::harness::{TestDb, on_both};

on_both!(a_veto_needs_fresh_proof, a_pause_needs_none, the_opener_withdraws);

async fn a_veto_needs_fresh_proof(test: TestDb) {
    let story = Story::opened(test).await;
    let olga = story.browser("Olga Orlova").await;
    let page = format!("/cases/{}/veto", story.case);
    let shown = story.open(&olga, "").await;
    assert!(shown.body.contains(&format!("href=\"{page}\"")), "{}", shown.body);
    // A session of this very moment is no proof: it came by mail, and could be anybody's who reads that.
    story.house.site.app.clock.advance(SignedDuration::from_mins(6));
    let prove = format!("/prove?next={page}");
    assert_eq!(place(&story.open(&olga, "/veto").await), prove);
    assert_eq!(place(&story.send(&olga, "/veto", &[]).await), prove);
    assert_eq!(story.state().await, "collecting");

    story.prove("Olga Orlova", &olga).await;
    let asked = story.open(&olga, "/veto").await;
    assert!(read(&asked).contains("The case ends, and ownership stays as it is."), "{}", read(&asked));
    let vetoed = story.press(&olga, "/veto").await;
    for words in ["The case is vetoed", "An owner vetoed the recovery case", "Olga Orlova vetoed the case."] {
        assert!(read(&vetoed).contains(words), "{words}: {}", read(&vetoed));
    }
    assert_eq!(story.state().await, "vetoed");
    assert!(!vetoed.body.contains("What you can do"), "{}", vetoed.body);
    let again = story.send(&olga, "/veto", &[]).await;
    assert!(again.status == 409 && read(&again).contains("This case has ended: it is vetoed, and that is final"));
}

async fn a_pause_needs_none(test: TestDb) {
    let story = Story::opened(test).await;
    let olga = story.browser("Olga Orlova").await;
    let early = story.open(&olga, "/pause").await;
    assert!(early.status == 409 && read(&early).contains("There is no waiting period to pause yet"), "{}", early.body);
    story.vote("Ben Bauer", "approve").await;
    story.vote("Dora Dahl", "approve").await;
    story.pass(SignedDuration::from_hours(10)).await;
    // Her session has ended meanwhile, since nobody used it.
    let olga = story.browser("Olga Orlova").await;
    let asked = story.open(&olga, "/pause").await;
    assert!(read(&asked).contains("After that, it can be paused once more."), "{}", read(&asked));
    let paused = story.press(&olga, "/pause").await;
    for words in ["The case is paused", "The clock stands still until", "Striped: paused by an owner."] {
        assert!(read(&paused).contains(words), "{words}: {}", read(&paused));
    }
    let twice = story.send(&olga, "/pause", &[]).await;
    assert!(twice.status == 409 && read(&twice).contains("This case is already paused"), "{}", twice.body);
    story.pass(SignedDuration::from_hours(72)).await;
    assert!(read(&story.page("Olga Orlova").await).contains("The pause ended."));
    // Her session has ended meanwhile.
    let olga = story.browser("Olga Orlova").await;
    story.press(&olga, "/pause").await;
    story.pass(SignedDuration::from_hours(72)).await;
    let olga = story.browser("Olga Orlova").await;
    let spent = story.open(&olga, "/pause").await;
    assert!(spent.status == 409 && read(&spent).contains("as often as the policy allows"), "{}", spent.body);
    assert!(!story.open(&olga, "").await.body.contains("/pause\""), "what is refused is not offered");
}

async fn the_opener_withdraws(test: TestDb) {
    let story = Story::opened(test).await;
    let dora = story.browser("Dora Dahl").await;
    for refused in [story.open(&dora, "/withdraw").await, story.send(&dora, "/withdraw", &[]).await] {
        let words = "Only the administrator who opened a case can withdraw it";
        assert!(refused.status == 403 && read(&refused).contains(words), "{}", refused.body);
    }
    let ben = story.browser("Ben Bauer").await;
    let asked = story.open(&ben, "/withdraw").await;
    assert!(read(&asked).contains("You can open another case in 7 days"), "{}", read(&asked));
    let withdrawn = story.press(&ben, "/withdraw").await;
    assert!(read(&withdrawn).contains("Ben Bauer withdrew the case."), "{}", read(&withdrawn));
    assert_eq!(story.state().await, "withdrawn");
}

#[tokio::test]
async fn only_an_owner_objects() {
    let story = Story::opened(TestDb::sqlite().await).await;
    let dora = story.browser("Dora Dahl").await;
    for act in ["/veto", "/pause"] {
        for refused in [story.open(&dora, act).await, story.send(&dora, act, &[]).await] {
            // Not led to prove who they are: it would not help.
            assert_eq!(refused.status, 403, "{act}: {}", refused.body);
            assert!(read(&refused).contains("Only an owner of the account, as named in the terms, can object"));
        }
    }
    story.house.site.app.clock.advance(SignedDuration::from_mins(6));
    assert_eq!(story.send(&dora, "/veto", &[]).await.status, 403);
    assert_eq!(story.state().await, "collecting");
}
