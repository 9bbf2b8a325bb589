//! Random play, as data: how a tree of accounts may be set up, and what anybody may try in it.

use proptest::{prelude::*, sample::select};
use quorate::{
    id::UserId,
    ownership::{account, policy_change::Way},
};

use super::fixtures::user;

/// Owners 1 to 3, administrators 11 to 14, others 31 to 33, outsiders 41 and 42.
pub const PEOPLE: [u128; 12] = [1, 2, 3, 11, 12, 13, 14, 31, 32, 33, 41, 42];

/// Which presets the first tree and the account beside it are made from.
#[derive(Debug, Clone)]
pub struct Setup {
    pub tree: &'static str,
    pub beside: &'static str,
    /// Whether the owner of the first account owns its child as well.
    pub same_owner: bool,
}

/// An index into whatever there is to choose from.
pub type Pick = u8;

/// A person, told by their place in the account. Owners and members come up far more often than others.
#[derive(Debug, Clone, Copy)]
pub enum Who {
    Owner(Pick),
    Member(Pick),
    Anybody(UserId),
}

/// On whose authority something is tried.
#[derive(Debug, Clone, Copy)]
pub enum Through {
    Person,
    Token,
    TokenForPerson,
}

/// Who tries something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Person(UserId),
    Token,
    TokenFor(UserId),
}

#[derive(Debug, Clone, Copy)]
pub enum OnMember {
    Role(Pick),
    Suspend,
    Resume,
    Remove,
    Leave,
    Email,
    Credentials,
}

#[derive(Debug, Clone, Copy)]
pub enum OnOwners {
    Grant,
    Revoke,
    Pass,
    Offer,
}

#[derive(Debug, Clone, Copy)]
pub enum OnCase {
    /// A case for that person opens.
    Open,
    /// It reaches its quorum.
    Quorum,
    /// It ends without completing.
    End,
    /// It completes and replaces the owners.
    Replace,
    /// It completes and adds an owner.
    Add,
}

/// What somebody tries. Most of it concerns one person.
#[derive(Debug, Clone, Copy)]
pub enum What {
    Invite(Pick),
    Accept,
    Member(OnMember),
    Owners(OnOwners),
    AcceptTransfer,
    DeclineTransfer,
    CancelTransfer,
    Account(account::Act),
    Policy { field: Pick, way: Way },
    CancelPolicy,
    Child,
    Case(OnCase),
    Leap(i64),
}

/// One thing that somebody tries, in the account that `at` picks.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub at: Pick,
    pub by: Who,
    pub through: Through,
    pub who: Who,
    pub what: What,
}

/// A step, when it is known who is there.
#[derive(Debug, Clone, Copy)]
pub struct Tried {
    pub at: u128,
    pub by: By,
    pub who: UserId,
    pub what: What,
}

impl Tried {
    pub const fn is_time(&self) -> bool {
        matches!(self.what, What::Leap(_))
    }
}

pub fn setup() -> impl Strategy<Value = Setup> {
    let tree = select(vec!["account-and-customers", "multi-owner", "partner-managed", "recommended"]);
    let beside = select(vec!["account-and-customers", "multi-owner", "partner-managed", "recommended", "single-owner"]);
    (tree, beside, any::<bool>()).prop_map(|(tree, beside, same_owner)| Setup { tree, beside, same_owner })
}

pub fn step() -> impl Strategy<Value = Step> {
    let who = |owners, members, others| {
        prop_oneof![
            owners => any::<Pick>().prop_map(Who::Owner),
            members => any::<Pick>().prop_map(Who::Member),
            others => select(PEOPLE.to_vec()).prop_map(|number| Who::Anybody(user(number))),
        ]
    };
    let through = prop_oneof![
        10 => Just(Through::Person),
        1 => Just(Through::Token),
        1 => Just(Through::TokenForPerson),
    ];
    (any::<Pick>(), who(5, 4, 2), through, who(2, 5, 2), what()).prop_map(|(at, by, through, who, what)| Step {
        at,
        by,
        through,
        who,
        what,
    })
}

fn what() -> impl Strategy<Value = What> {
    use account::Act;
    let on_member = prop_oneof![
        3 => any::<Pick>().prop_map(OnMember::Role),
        2 => Just(OnMember::Suspend),
        3 => Just(OnMember::Resume),
        1 => Just(OnMember::Remove),
        1 => Just(OnMember::Leave),
        1 => Just(OnMember::Email),
        1 => Just(OnMember::Credentials),
    ];
    let on_owners = select(vec![OnOwners::Grant, OnOwners::Grant, OnOwners::Revoke, OnOwners::Pass, OnOwners::Offer]);
    let on_case = prop_oneof![
        4 => Just(OnCase::Open),
        4 => Just(OnCase::Quorum),
        3 => Just(OnCase::End),
        1 => Just(OnCase::Replace),
        1 => Just(OnCase::Add),
    ];
    let on_account = select(vec![Act::Suspend, Act::Resume, Act::Resume, Act::Close, Act::UndoClose, Act::UndoClose]);
    let way = select(vec![Way::Loosening, Way::Tightening]);
    prop_oneof![
        4 => any::<Pick>().prop_map(What::Invite),
        4 => Just(What::Accept),
        6 => on_member.prop_map(What::Member),
        6 => on_owners.prop_map(What::Owners),
        3 => Just(What::AcceptTransfer),
        1 => Just(What::DeclineTransfer),
        1 => Just(What::CancelTransfer),
        1 => on_account.prop_map(What::Account),
        2 => (any::<Pick>(), way).prop_map(|(field, way)| What::Policy { field, way }),
        1 => Just(What::CancelPolicy),
        1 => Just(What::Child),
        3 => on_case.prop_map(What::Case),
        1 => select(vec![1, 23, 71, 72, 168]).prop_map(What::Leap),
    ]
}
