//! What can be wrong with the story of a case.

/// What is wrong with the entries of a case, or with what is kept beside them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseBroken {
    /// The first entry is none that opens this case.
    #[error("entry {seq} does not open the case with these terms")]
    NotOpened {
        /// Where.
        seq: u64,
    },
    /// An entry cannot follow from those before it.
    #[error("entry {seq} (`{kind}`) cannot follow from the entries of the case before it: {why}")]
    Impossible {
        /// Where.
        seq: u64,
        /// What it says happened.
        kind: String,
        /// Why it cannot have.
        why: &'static str,
    },
    /// The tables say something else.
    #[error("the tables have {what} than the log tells")]
    Differs {
        /// What.
        what: &'static str,
    },
    /// What should prove a ballot is missing, or proves another.
    #[error("a ballot is not what its elector signed or what their mail says, or has no signature that is right")]
    NotProven,
}
