//! What anybody may try, as data.

use proptest::{prelude::*, sample::select};

/// An index into whatever there is to choose from.
pub type Pick = u8;

/// A person, told by their place in the account. Owners and members come up far more often than others.
#[derive(Debug, Clone, Copy)]
pub enum Who {
    Owner(Pick),
    Member(Pick),
    /// Whom the latest offer of ownership is for.
    Asked,
    Anybody(Pick),
}

/// On whose authority something is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    /// Their own, proven just now.
    Proven,
    /// Their own, without a proof.
    SignedIn,
    /// The product, for them.
    Product,
    /// Whoever runs the service.
    Operator,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Grant,
    Revoke,
    MakePrimary,
    Offer,
    Accept,
    Decline,
    TakeBack,
    Suspend,
    Resume,
    Close,
    UndoClose,
    SuspendMember,
    ResumeMember,
    GiveRole(Pick),
    Delete,
    Leave,
    Invite(Pick),
    /// Accept the invitation.
    Join,
    Child,
    /// Join by the domain of one's address.
    JoinByDomain,
    /// Edit the policy: which of [`EDITS`].
    EditPolicy(Pick),
    /// Cancel the edit that waits.
    CancelEdit,
    /// A case for that person, for which nobody votes.
    OpenCase,
    /// A case for that person, approved by whoever has a ballot, until its end.
    Recover(Pick),
    /// So many hours pass.
    Wait(i64),
}

/// Edits of the policy: a field, and what it becomes. The first of each pair loosens what presets say, the second tightens.
pub const EDITS: [(&str, &str); 6] = [
    ("waiting_period", "PT48H"),
    ("waiting_period", "PT96H"),
    ("transfer_window", "PT96H"),
    ("transfer_window", "PT24H"),
    ("seasoning", "PT48H"),
    ("seasoning", "PT200H"),
];

/// One thing that somebody tries, in the account that `at` picks.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub at: Pick,
    pub by: Who,
    pub through: Through,
    pub who: Who,
    pub what: What,
    /// Who looks afterwards at the accounts that they are not in.
    pub stranger: Pick,
}

impl What {
    /// Its name among the counters.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Revoke => "revoke",
            Self::MakePrimary => "make primary",
            Self::Offer => "offer",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::TakeBack => "take back",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Close => "close",
            Self::UndoClose => "undo closing",
            Self::SuspendMember => "suspend member",
            Self::ResumeMember => "resume member",
            Self::GiveRole(_) => "give role",
            Self::Delete => "delete",
            Self::Leave => "leave",
            Self::Invite(_) => "invite",
            Self::Join => "join",
            Self::Child => "create child",
            Self::JoinByDomain => "join by domain",
            Self::EditPolicy(_) => "edit policy",
            Self::CancelEdit => "cancel edit",
            Self::OpenCase => "open case",
            Self::Recover(_) => "recover",
            Self::Wait(_) => "wait",
        }
    }

    /// Whether time passes meanwhile, for every account.
    pub const fn takes_time(self) -> bool {
        matches!(self, Self::Wait(_) | Self::Recover(_))
    }

    /// Whether only an owner does it, in person and with proof.
    pub const fn is_owners_act(self) -> bool {
        match self {
            Self::Grant
            | Self::Revoke
            | Self::MakePrimary
            | Self::Offer
            | Self::TakeBack
            | Self::Suspend
            | Self::Resume
            | Self::Close
            | Self::UndoClose
            | Self::EditPolicy(_)
            | Self::CancelEdit => true,
            Self::Accept
            | Self::Decline
            | Self::SuspendMember
            | Self::ResumeMember
            | Self::GiveRole(_)
            | Self::Delete
            | Self::Leave
            | Self::Invite(_)
            | Self::Join
            | Self::Child
            | Self::JoinByDomain
            | Self::OpenCase
            | Self::Recover(_)
            | Self::Wait(_) => false,
        }
    }
}

/// Everything that must have been done, and refused, for the play to be worth something. Nobody refuses time.
pub const EVERYTHING: [&str; 24] = [
    "grant",
    "revoke",
    "make primary",
    "offer",
    "accept",
    "decline",
    "take back",
    "suspend",
    "resume",
    "close",
    "undo closing",
    "suspend member",
    "resume member",
    "give role",
    "delete",
    "leave",
    "invite",
    "join",
    "create child",
    "join by domain",
    "edit policy",
    "cancel edit",
    "open case",
    "recover",
];

pub fn step() -> impl Strategy<Value = Step> {
    let who = |owners, members, asked, others| {
        prop_oneof![
            owners => any::<Pick>().prop_map(Who::Owner),
            members => any::<Pick>().prop_map(Who::Member),
            asked => Just(Who::Asked),
            others => any::<Pick>().prop_map(Who::Anybody),
        ]
    };
    let through = prop_oneof![
        12 => Just(Through::Proven),
        1 => Just(Through::SignedIn),
        1 => Just(Through::Product),
        1 => Just(Through::Operator),
    ];
    let (by, whom, pick) = (who(6, 3, 2, 1), who(4, 5, 0, 1), any::<Pick>());
    (pick, by, through, whom, what(), any::<Pick>()).prop_map(|(at, by, through, who, what, stranger)| Step {
        at,
        by,
        through,
        who,
        what,
        stranger,
    })
}

fn what() -> impl Strategy<Value = What> {
    let on_owners = prop_oneof![
        2 => Just(What::Grant),
        1 => Just(What::Revoke),
        3 => Just(What::MakePrimary),
        2 => Just(What::Offer),
    ];
    let on_offer = select(vec![What::Accept, What::Accept, What::Decline, What::Decline, What::TakeBack]);
    let on_account = select(vec![
        What::Suspend,
        What::Suspend,
        What::Resume,
        What::Resume,
        What::Close,
        What::UndoClose,
        What::UndoClose,
    ]);
    let on_member =
        select(vec![What::SuspendMember, What::ResumeMember, What::ResumeMember, What::Delete, What::Leave]);
    prop_oneof![
        10 => on_owners,
        6 => on_offer,
        5 => on_account,
        8 => on_member,
        3 => any::<Pick>().prop_map(What::GiveRole),
        4 => any::<Pick>().prop_map(What::Invite),
        4 => Just(What::Join),
        1 => Just(What::Child),
        2 => Just(What::JoinByDomain),
        3 => any::<Pick>().prop_map(What::EditPolicy),
        3 => Just(What::CancelEdit),
        3 => Just(What::OpenCase),
        2 => any::<Pick>().prop_map(What::Recover),
        1 => select(vec![1, 71, 73, 168, 360]).prop_map(What::Wait),
    ]
}
