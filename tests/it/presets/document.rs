//! A document whose rules are replayed, sentence by sentence.
//!
//! Each sentence is shown by the assertions after its quote, left to the vendor's product, or waits for what is still to
//! come. None may be forgotten, and none may be two of these.

use std::collections::BTreeMap;

use super::pending::{PENDING, Pending};

/// A document that is being replayed.
pub struct Document {
    name: &'static str,
    /// Its sentences that state a rule, in their order.
    rules: &'static [&'static str],
    met: Vec<(&'static str, Fate)>,
}

/// What becomes of a sentence here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The assertions after its quote show it.
    Shown,
    /// It is about the vendor's product; whether somebody may is asked here.
    Left,
    /// It waits.
    Pending,
}

impl Document {
    /// Opens the document that this preset replays.
    pub fn open(name: &'static str, rules: &'static [&'static str]) -> Self {
        Self { name, rules, met: Vec::new() }
    }

    /// The sentence that the assertions after this show. Where one of them fails, the last sentence printed is the one.
    pub fn says(&mut self, quote: &'static str) {
        self.meet(quote, Fate::Shown);
    }

    /// The sentence that is the vendor's to fulfil. The permissions that guard it are asked for after this.
    pub fn leaves(&mut self, quote: &'static str) {
        self.meet(quote, Fate::Left);
    }

    /// Every sentence has been met.
    pub fn close(self) {
        let gaps = gaps(self.name, self.rules, &self.met, &PENDING);
        for Pending { quote, waits, .. } in PENDING.iter().filter(|waits| waits.document == self.name) {
            println!("{}: waits for {waits}: {quote}", self.name);
        }
        assert!(gaps.is_empty(), "`{}` is not replayed as it stands:\n{}", self.name, gaps.join("\n"));
    }

    fn meet(&mut self, quote: &'static str, fate: Fate) {
        println!("{}: {quote}", self.name);
        self.met.push((quote, fate));
    }
}

/// What is wrong between a document and its replay.
fn gaps(name: &str, rules: &[&str], met: &[(&str, Fate)], pending: &[Pending]) -> Vec<String> {
    let waiting = pending.iter().filter(|waits| waits.document == name).map(|waits| (waits.quote, Fate::Pending));
    let mut fates = BTreeMap::<&str, Vec<Fate>>::new();
    for (quote, fate) in met.iter().copied().chain(waiting) {
        fates.entry(quote).or_default().push(fate);
    }
    let mut gaps = Vec::new();
    for rule in rules {
        match fates.remove(rule).as_deref() {
            None => gaps.push(format!("nothing shows: {rule}")),
            Some([_]) => {}
            Some(several) => gaps.push(format!("{several:?} at once: {rule}")),
        }
    }
    gaps.extend(fates.into_keys().map(|quote| format!("not among the document's rules: {quote}")));
    gaps
}

#[cfg(test)]
mod tests {
    use super::{
        Fate::{Left, Shown},
        *,
    };
    use crate::presets::pending::Waits;

    const RULES: [&str; 3] = ["Owners are mailed.", "Owners are printed.", "Owners are counted."];

    const WAITING: [Pending; 2] = [
        Pending { document: "here", quote: "Owners are printed.", waits: Waits::PlainMail },
        Pending { document: "elsewhere", quote: "Owners are mailed.", waits: Waits::PlainMail },
    ];

    fn found(met: &[(&str, Fate)]) -> Vec<String> {
        gaps("here", &RULES, met, &WAITING)
    }

    #[test]
    fn a_document_is_covered_when_each_sentence_has_one_fate() {
        assert_eq!(found(&[("Owners are mailed.", Shown), ("Owners are counted.", Left)]), Vec::<String>::new());
    }

    #[test]
    fn what_is_forgotten_is_named() {
        assert_eq!(found(&[("Owners are mailed.", Shown)]), ["nothing shows: Owners are counted."]);
    }

    #[test]
    fn what_waits_cannot_be_done() {
        let met = RULES.map(|rule| (rule, Shown));
        assert_eq!(found(&met), ["[Shown, Pending] at once: Owners are printed."]);
    }

    #[test]
    fn what_is_shown_cannot_be_left_to_others() {
        let met = [("Owners are mailed.", Shown), ("Owners are mailed.", Left), ("Owners are counted.", Shown)];
        assert_eq!(found(&met), ["[Shown, Left] at once: Owners are mailed."]);
    }

    #[test]
    fn what_the_document_does_not_say_is_not_quoted() {
        let met = [("Owners are mailed.", Shown), ("Owners are counted.", Shown), ("Owners sing.", Shown)];
        assert_eq!(found(&met), ["not among the document's rules: Owners sing."]);
    }
}
