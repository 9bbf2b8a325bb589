//! A tree of accounts in a service, and what its API shows of them.

use std::collections::{BTreeMap, BTreeSet};

use quorate::{
    activity::{chain::Replay, entry::Hash},
    moment::Moment,
    ownership::preset::{Preset, Presets, RoleAccess},
    recovery::policy::Policy,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::cast::{COMPANIES, PEOPLE};
use crate::{
    harness::{
        TestDb,
        town::{OPERATOR, Town},
    },
    ownership::steps::Setup,
};

pub struct Tree {
    pub town: Town,
    pub places: Vec<Place>,
    /// How often what was done, and what was refused.
    pub seen: BTreeMap<String, u64>,
}

/// An account.
pub struct Place {
    pub id: String,
    pub preset: Preset,
    /// Which of the places stands above it.
    pub parent: Option<usize>,
    /// The account's log as far as it was read.
    pub log: Replay,
    /// The cases that completed, and the owners' entries with the case that each belongs to.
    pub completed: BTreeSet<String>,
    pub by_case: Vec<String>,
    /// The latest offer of ownership.
    pub offer: Option<String>,
}

/// A change of the policy that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub policy: Policy,
    /// From when it is in force.
    pub from: Moment,
    /// Who wanted it, by name, if they are a member.
    pub by: Option<String>,
}

/// What an account shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub status: String,
    /// The name of the primary owner.
    pub primary: Option<String>,
    /// Whether a case is open.
    pub case_open: bool,
    pub members: BTreeMap<String, Member>,
    pub policy: Policy,
    /// The change of the policy that waits.
    pub pending: Option<Waiting>,
    /// The state of the latest offer of ownership.
    pub offer: Option<String>,
    /// How long its log is.
    pub entries: u64,
}

/// A member, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub role: String,
    pub status: String,
    pub administrator: bool,
    pub confirmed: bool,
    pub owner: bool,
}

impl Shown {
    pub fn owners(&self) -> BTreeSet<String> {
        self.members.iter().filter(|(_, member)| member.owner).map(|(name, _)| name.clone()).collect()
    }

    /// The same, where an address that was not confirmed before is confirmed afterwards if it is so now. Whoever signs in, or
    /// accepts anywhere, confirms it for everywhere.
    pub fn with_confirmed_as(&self, now: &Self) -> Self {
        let mut same = self.clone();
        for (name, member) in &mut same.members {
            member.confirmed |= now.members.get(name).is_some_and(|it| it.confirmed);
        }
        same
    }

    /// Whether somebody could act as owner.
    pub fn is_effective_owner(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(Member::is_effective_owner)
    }
}

impl Member {
    pub fn is_effective_owner(&self) -> bool {
        self.owner && self.confirmed && self.status == "active"
    }
}

impl Tree {
    /// An account with a child, and an account beside them.
    pub async fn grown(test: TestDb, setup: &Setup) -> Self {
        let town = Town::new(test).await;
        let mut tree = Self { town, places: Vec::new(), seen: BTreeMap::new() };
        let mut first_children = Vec::new();
        let [top, below, beside] = &COMPANIES;
        for (company, preset, name) in [(top, setup.tree, "Top"), (beside, setup.beside, "Beside")] {
            let administrators: Vec<&str> = company.administrators.iter().map(|who| PEOPLE[*who]).collect();
            let (id, children) = tree.town.found_tree(preset, name, PEOPLE[company.owner], &administrators).await;
            tree.add(id, preset, None);
            first_children.extend(children.into_iter().map(|child| (child, preset, tree.places.len() - 1)));
        }
        let owner = if setup.same_owner { top.owner } else { below.owner };
        let parent = tree.places[0].id.clone();
        let id = tree.town.found_below(OPERATOR, &parent, "Below", PEOPLE[owner]).await;
        tree.add(id, setup.tree, Some(0));
        for (place, company, owner) in [(0, top, top.owner), (1, beside, beside.owner), (2, below, owner)] {
            let first = tree.places[place].preset.first_role.clone();
            let plain = tree.places[place].preset.roles.iter().find(|role| role.is_plain()).unwrap().name.clone();
            let id = tree.places[place].id.clone();
            let missing = if place == 2 { company.administrators } else { &[] };
            tree.town.prove(PEOPLE[owner]).await;
            for (who, role) in
                missing.iter().map(|who| (*who, &first)).chain(company.others.iter().map(|who| (*who, &plain)))
            {
                tree.town.join(PEOPLE[owner], &id, PEOPLE[who], role).await;
            }
        }
        // Everybody may come into the account on top.
        let preset = &tree.places[0].preset;
        let joins = preset.roles.iter().find(|role| role.is_plain() && role.access == RoleAccess::Given).unwrap();
        tree.town.open_to_the_domain(PEOPLE[top.owner], &tree.places[0].id, &joins.name).await;
        for (child, preset, parent) in first_children {
            tree.add(child, preset, Some(parent));
        }
        tree
    }

    pub fn add(&mut self, id: String, preset: &str, parent: Option<usize>) {
        let preset = Presets::built_in().unwrap().get(preset).unwrap().clone();
        let log = Replay::new(id.parse().unwrap());
        let (completed, by_case) = (BTreeSet::new(), Vec::new());
        self.places.push(Place { id, preset, parent, log, completed, by_case, offer: None });
    }

    pub fn note(&mut self, what: String) {
        *self.seen.entry(what).or_default() += 1;
    }

    /// Every account as it is. Reads on in their logs.
    pub async fn look(&mut self) -> Vec<Shown> {
        let mut all = Vec::new();
        for at in 0..self.places.len() {
            all.push(self.look_at(at).await);
        }
        all
    }

    /// One account as it is. Reads on in its log.
    pub async fn look_at(&mut self, at: usize) -> Shown {
        let (town, place) = (&self.town, &mut self.places[at]);
        let account = town.get(OPERATOR, &format!("/v1/accounts/{}", place.id)).await.good();
        let members = town.members(&place.id).await;
        let policy = town.get(OPERATOR, &format!("/v1/accounts/{}/policy", place.id)).await.good();
        let offer = match &place.offer {
            Some(offer) => Some(town.get(OPERATOR, &format!("/v1/transfers/{offer}")).await.good()),
            None => None,
        };
        place.read_on(town).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let member = |it: &Value| Member {
            role: text(&it["role"]),
            status: text(&it["status"]),
            administrator: it["administrator"] == true,
            confirmed: it["confirmed"] == true,
            owner: it["owner"] == true,
        };
        let primary = &account["account"]["primary_owner"];
        let is_primary = |it: &&Value| primary.is_string() && it["user"] == *primary;
        Shown {
            status: text(&account["account"]["status"]),
            primary: members.iter().find(is_primary).map(|it| text(&it["name"])),
            case_open: account["open_cases"] != json!([]),
            members: members.iter().map(|it| (text(&it["name"]), member(it))).collect(),
            policy: read(&policy["effective"]),
            pending: policy["pending"].as_object().map(|it| Waiting {
                policy: read(&it["policy"]),
                from: read(&it["effective_at"]),
                by: members
                    .iter()
                    .find(|member| member["user"] == it["proposed_by"])
                    .map(|member| text(&member["name"])),
            }),
            offer: offer.map(|offer| text(&offer["state"])),
            entries: place.log.head().seq,
        }
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

impl Place {
    /// Replays what is new in the log: every hash is computed anew.
    async fn read_on(&mut self, town: &Town) {
        loop {
            let path = format!("/v1/accounts/{}/activity?limit=200&after={}", self.id, self.log.head().seq);
            let page = town.get(OPERATOR, &path).await.good();
            for item in page["items"].as_array().unwrap() {
                let hash: Hash = item["hash"].as_str().unwrap().parse().unwrap();
                let body = serde_json_canonicalizer::to_string(&item["entry"]).unwrap();
                let before = self.log.owners().clone();
                let entry = self.log.next(&body, hash).unwrap();
                let case = entry.case.map(|case| case.to_string());
                if entry.kind == "case.completed" {
                    assert!(self.completed.insert(case.clone().unwrap()), "completed twice: {case:?}");
                }
                if before != *self.log.owners()
                    && let Some(case) = case
                {
                    self.by_case.push(case);
                }
            }
            if page["next"].is_null() {
                return;
            }
        }
    }
}
