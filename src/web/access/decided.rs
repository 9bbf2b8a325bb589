//! What was decided, as the Authorization API 1.0 spells it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::ownership::access::Decision;

/// A decision.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Decided {
    /// Whether they may.
    pub decision: bool,
    /// Why.
    pub context: Context,
}

/// What comes with a decision.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Context {
    /// Why they may, or may not.
    pub reason: Reason,
}

/// Why somebody may, or may not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reason {
    /// A stable code, such as `owner`, `role`, `role_lacks`, `not_a_member` or `account_suspended`.
    pub code: &'static str,
    /// The same for people.
    pub sentence: String,
}

impl From<Decision> for Decided {
    fn from(decision: Decision) -> Self {
        let reason = match &decision {
            Decision::Allow(because) => Reason { code: because.code(), sentence: because.to_string() },
            Decision::Deny(why) => Reason { code: why.code(), sentence: why.to_string() },
        };
        Self { decision: decision.is_allowed(), context: Context { reason } }
    }
}

impl Decided {
    /// A question that says too little to be decided. What cannot be decided is a no.
    #[must_use]
    pub fn incomplete() -> Self {
        let sentence =
            "this evaluation does not say who, what, and with which account; name a subject, an action and a resource";
        Self {
            decision: false,
            context: Context { reason: Reason { code: "incomplete", sentence: sentence.to_owned() } },
        }
    }
}
