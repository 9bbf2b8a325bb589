//! How serious a refusal is. The reasons themselves stand beside the rules, in `recovery` and `ownership`.

/// What a refusal is a matter of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Who asks: they may never do this, or not as things stand with them.
    Forbidden,
    /// When they ask: the state of things does not allow it now.
    Conflict,
    /// What they ask for: it makes no sense here.
    Unprocessable,
}
