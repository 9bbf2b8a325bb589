//! A ballot by the pages: read, chosen, recorded, changed, taken back; and refused when it should be.

use super::browser::{Story, place, read};
use crate::harness::{TestDb, on_both};

on_both!(a_ballot_is_cast_by_the_pages, other_terms_are_refused);

async fn a_ballot_is_cast_by_the_pages(test: TestDb) {
    let story = Story::opened(test).await;
    let dora = story.proven("Dora Dahl").await;
    let asked = story.open(&dora, "/vote").await;
    assert_eq!(asked.body.matches("<button").count(), 2, "one button beside the one that signs out: {}", asked.body);
    for words in
        ["The case goes on, with 1 approval of the 2 needed.", "Should Cleo Costa <cleo@acme.example> be made owner?"]
    {
        assert!(read(&asked).contains(words), "{words}: {}", read(&asked));
    }
    let terms = asked.hidden("terms_hash");

    let unanswered = story.send(&dora, "/vote", &[("terms_hash", &terms)]).await;
    assert!(
        unanswered.status == 422 && read(&unanswered).contains("Choose one of the two answers"),
        "{}",
        unanswered.body
    );
    let sent = story.send(&dora, "/vote", &[("terms_hash", &terms), ("choice", "approve")]).await;
    assert_eq!((sent.status, place(&sent)), (303, format!("/cases/{}?done=ballot-recorded", story.case)));
    let shown = story.follow(&dora, &sent).await;
    for words in ["Your ballot is recorded.", "Your ballot: You approve.", "1 of 3 approves; 2 are required."] {
        assert!(read(&shown).contains(words), "{words}: {}", read(&shown));
    }
    assert!(read(&shown).contains("Dora Dahl approved, signed in."), "{}", read(&shown));

    // The page says beforehand what the next ballot brings about, and then it does.
    let ben = story.proven("Ben Bauer").await;
    let next = story.open(&ben, "/vote").await;
    assert!(read(&next).contains("That is enough: the waiting period starts."), "{}", read(&next));
    assert!(read(&story.vote("Dora Dahl", "reject").await).contains("Your ballot: You reject."));
    let undone = story.press(&dora, "/ballot/take-back").await;
    assert!(read(&undone).contains("Your ballot is taken back."), "{}", read(&undone));
    assert!(!read(&undone).contains("Take my ballot back"), "{}", read(&undone));
    assert_eq!(place(&story.open(&dora, "/ballot/take-back").await), format!("/cases/{}", story.case));

    story.vote("Dora Dahl", "approve").await;
    story.vote("Ben Bauer", "approve").await;
    assert_eq!(story.state().await, "waiting");
    let short = story.open(&ben, "/ballot/take-back").await;
    assert!(read(&short).contains("The approvals then no longer suffice"), "{}", read(&short));
    story.press(&ben, "/ballot/take-back").await;
    assert_eq!(story.state().await, "collecting");
}

async fn other_terms_are_refused(test: TestDb) {
    let story = Story::opened(test).await;
    let dora = story.proven("Dora Dahl").await;
    let other = "0".repeat(64);
    let refused = story.send(&dora, "/vote", &[("terms_hash", &other), ("choice", "approve")]).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert!(read(&refused).contains("The terms that you were shown are not the ones in force"), "{}", read(&refused));
    // The page has the terms in force, so the next try counts for those.
    let in_force = refused.hidden("terms_hash");
    assert_eq!(in_force, story.shown().await["terms_hash"].as_str().unwrap());
    assert_eq!(story.shown().await["approvals"], 0);
    let sent = story.send(&dora, "/vote", &[("terms_hash", &in_force), ("choice", "approve")]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    for nonsense in ["", "x"] {
        let refused = story.send(&dora, "/vote", &[("terms_hash", nonsense), ("choice", "reject")]).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
    }
    assert_eq!(story.shown().await["approvals"], 1);
}

#[tokio::test]
async fn an_approval_elsewhere_is_said_beforehand() {
    let story = Story::opened(TestDb::sqlite().await).await;
    story.vote("Dora Dahl", "approve").await;
    let dora = story.proven("Dora Dahl").await;
    let members =
        story.house.call("GET", &format!("/v1/accounts/{}/members", story.house.account), &dora.token, None).await;
    let members = members.json();
    let ben = members["items"].as_array().unwrap().iter().find(|member| member["name"] == "Ben Bauer").unwrap();
    let new = serde_json::json!({"kind": "replace", "nominee": ben["user"], "statement": "Ben knows the account."});
    let path = format!("/v1/accounts/{}/cases", story.house.account);
    let second = story.house.call("POST", &path, &dora.token, Some(new)).await.json();
    let second = Story { case: second["id"].as_str().unwrap().to_owned(), house: story.house };
    let asked = second.open(&dora, "/vote").await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    assert!(read(&asked).contains("I approve: not now. You already approve"), "{}", read(&asked));
    assert!(!asked.body.contains("value=\"approve\"") && asked.body.contains("value=\"reject\""), "{}", asked.body);
    let terms = asked.hidden("terms_hash");
    let refused = second.send(&dora, "/vote", &[("terms_hash", &terms), ("choice", "approve")]).await;
    assert!(refused.status == 409 && read(&refused).contains("take that ballot back first"), "{}", refused.body);
}
