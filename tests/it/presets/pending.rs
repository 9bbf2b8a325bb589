//! The sentences of the documents that cannot be shown yet, and what each waits for. Whoever builds that takes the
//! sentence from this list and shows it; as long as it stands here, showing it fails the replay of its document.

use std::fmt;

/// A sentence that waits.
pub struct Pending {
    /// The preset that replays its document.
    pub document: &'static str,
    /// The sentence.
    pub quote: &'static str,
    /// What it waits for.
    pub waits: Waits,
}

/// What a sentence waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// Ballots that are cast by answering a mail. Until then the mail has a link, which is as individual.
    PlainMail,
}

impl fmt::Display for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PlainMail => "votes by plain mail",
        })
    }
}

/// All of them. There are none at the moment.
pub const PENDING: [Pending; 0] = [];

#[test]
fn each_waits_for_one_thing_of_a_document_that_is_replayed() {
    let documents = ["account-and-customers", "single-owner", "multi-owner", "partner-managed"];
    for Pending { document, quote, .. } in &PENDING {
        assert!(documents.contains(document), "no document `{document}` is replayed, and it says: {quote}");
        let same = PENDING.iter().filter(|other| (other.document, other.quote) == (*document, *quote)).count();
        assert_eq!(same, 1, "listed twice: {quote}");
    }
}
