//! How a step is played: who it is about, what is called, and what came of it.

use jiff::SignedDuration;
use quorate::{id::UserId, moment::Moment};
use serde_json::{Value, json};

use super::{
    aim::likely,
    cast::PEOPLE,
    steps::{EDITS, Pick, Step, Through, What, Who},
    tree::{Shown, Tree},
};
use crate::{
    harness::town::{OPERATOR, person},
    web::site::Reply,
};

/// A step when it has been played.
pub struct Tried {
    pub at: usize,
    pub by: &'static str,
    pub through: Through,
    pub who: &'static str,
    pub what: What,
    /// The offer that it answered, as it was before.
    pub offer: Value,
    /// When it was tried.
    pub since: Moment,
    /// The code of the refusal, if it was refused.
    pub refused: Option<String>,
}

impl Tree {
    /// Tries a step in the account `at`, which is as shown.
    pub async fn play(&mut self, step: &Step, at: usize, before: &Shown) -> Tried {
        let offer = self.offer(at).await;
        let asked = offer["to"]["name"].as_str().and_then(named);
        let (likely_by, likely_who) = likely(step, before, asked);
        // Of whom nobody has heard can be invited, and does nothing.
        let by = likely_by.unwrap_or_else(|| choose(step.by, before, asked));
        let by = Some(by).filter(|by| self.town.knows(by)).unwrap_or(PEOPLE[0]);
        let who = likely_who.unwrap_or_else(|| choose(step.who, before, asked));
        let since = self.town.now();
        let mut tried = Tried { at, by, through: step.through, who, what: step.what, offer, since, refused: None };
        tried.refused = self.attempt(&mut tried).await;
        let outcome = if tried.refused.is_some() { "refused" } else { "done" };
        self.note(format!("{} {outcome}", step.what.name()));
        if let Some(code) = &tried.refused {
            self.note(format!("!{code}"));
        }
        tried
    }

    /// The latest offer of ownership in an account; null if there was none.
    async fn offer(&self, at: usize) -> Value {
        match &self.places[at].offer {
            Some(offer) => self.town.get(OPERATOR, &format!("/v1/transfers/{offer}")).await.good(),
            None => Value::Null,
        }
    }

    async fn attempt(&mut self, tried: &mut Tried) -> Option<String> {
        match tried.what {
            What::Wait(hours) => {
                self.town.pass(SignedDuration::from_hours(hours)).await;
                None
            }
            What::Recover(kind) => self.recover(tried, kind).await,
            What::Child => self.child(tried).await,
            What::Offer => {
                let reply = self.ask(tried).await;
                if reply.status == 201 {
                    self.places[tried.at].offer = Some(reply.json()["id"].as_str().unwrap().to_owned());
                }
                code(&reply)
            }
            What::OpenCase => code(&self.open_case(tried, 0).await),
            What::EditPolicy(pick) => self.edit_policy(tried, pick).await,
            What::Invite(_) => {
                let reply = self.ask(tried).await;
                if reply.status == 201 {
                    self.town.remember(&self.places[tried.at].id).await;
                }
                code(&reply)
            }
            What::Grant
            | What::Revoke
            | What::MakePrimary
            | What::Accept
            | What::Decline
            | What::TakeBack
            | What::Suspend
            | What::Resume
            | What::Close
            | What::UndoClose
            | What::SuspendMember
            | What::ResumeMember
            | What::GiveRole(_)
            | What::Delete
            | What::Leave
            | What::Join
            | What::JoinByDomain
            | What::CancelEdit => code(&self.ask(tried).await),
        }
    }

    /// The one call that most steps are.
    async fn ask(&self, tried: &Tried) -> Reply {
        let place = &self.places[tried.at];
        let account = format!("/v1/accounts/{}", place.id);
        let (whom, mine) = (self.id(tried.who), self.id(tried.by));
        let offer = format!("/v1/transfers/{}", place.offer.as_deref().unwrap_or("tran_00000000000000000000000000"));
        let role = |pick: Pick| place.preset.roles[usize::from(pick) % place.preset.roles.len()].name.clone();
        let member = format!("{account}/members/{whom}");
        let (method, path, body) = match tried.what {
            What::Grant => ("POST", format!("{account}/owners"), json!({"user": whom})),
            What::Revoke => ("DELETE", format!("{account}/owners/{whom}"), Value::Null),
            What::MakePrimary => ("POST", format!("{account}/owners/{whom}/primary"), Value::Null),
            What::Offer => ("POST", format!("{account}/transfers"), json!({"to": whom})),
            What::Accept => ("POST", format!("{offer}/accept"), Value::Null),
            What::Decline => ("POST", format!("{offer}/decline"), Value::Null),
            What::TakeBack => ("POST", format!("{offer}/cancel"), Value::Null),
            What::Suspend => ("POST", format!("{account}/suspend"), Value::Null),
            What::Resume => ("POST", format!("{account}/resume"), Value::Null),
            What::Close => ("POST", format!("{account}/close"), Value::Null),
            What::UndoClose => ("DELETE", format!("{account}/close"), Value::Null),
            What::SuspendMember => ("PATCH", member, json!({"status": "suspended"})),
            What::ResumeMember => ("PATCH", member, json!({"status": "active"})),
            What::GiveRole(pick) => ("PATCH", member, json!({"role": role(pick)})),
            What::Delete => ("DELETE", member, Value::Null),
            What::Leave => ("POST", format!("{account}/members/{mine}/leave"), Value::Null),
            What::Join => ("POST", format!("{account}/members/{mine}/accept"), Value::Null),
            What::Invite(pick) => {
                let new = person(tried.who);
                let new = json!({"name": new["name"], "email": new["email"], "role": role(pick)});
                ("POST", format!("{account}/members"), new)
            }
            What::JoinByDomain => ("POST", format!("{account}/join"), Value::Null),
            What::CancelEdit => ("DELETE", format!("{account}/policy/pending"), Value::Null),
            What::Child | What::EditPolicy(_) | What::OpenCase | What::Recover(_) | What::Wait(_) => {
                panic!("these are no single call")
            }
        };
        self.call(tried.by, tried.through, method, &path, body).await
    }

    async fn call(&self, by: &str, through: Through, method: &str, path: &str, body: Value) -> Reply {
        let body = Some(body).filter(|body| !body.is_null());
        match through {
            Through::Proven => self.town.proven(by, method, path, body).await,
            Through::SignedIn => {
                self.town.forget(by);
                self.town.call(by, method, path, body).await
            }
            Through::Product => self.town.on_behalf(by, method, path, body).await,
            Through::Operator => self.town.call(OPERATOR, method, path, body).await,
        }
    }

    async fn child(&mut self, tried: &Tried) -> Option<String> {
        if self.places.len() > 5 {
            return Some("enough accounts".to_owned());
        }
        let above = &self.places[tried.at];
        let new = json!({"name": "Another", "parent": above.id, "first_user": person(tried.who)});
        let reply = self.call(tried.by, tried.through, "POST", "/v1/accounts", new).await;
        if reply.status == 201 {
            let created = reply.json();
            let (id, preset) = (created["id"].as_str().unwrap(), created["preset"].as_str().unwrap());
            self.add(id.to_owned(), preset, Some(tried.at));
            self.town.remember(id).await;
        }
        code(&reply)
    }

    /// One field of the policy becomes another. What was asked for already is refused by nobody, and changes nothing.
    async fn edit_policy(&mut self, tried: &Tried, pick: Pick) -> Option<String> {
        let path = format!("/v1/accounts/{}/policy", self.places[tried.at].id);
        let mut policy = self.town.get(OPERATOR, &path).await.good()["effective"].clone();
        let (field, value) = EDITS[usize::from(pick) % EDITS.len()];
        policy[field] = json!(value);
        let reply = self.call(tried.by, tried.through, "PUT", &path, policy).await;
        if code(&reply).is_none() {
            self.note(format!("edit {}", reply.json()["outcome"].as_str().unwrap()));
        }
        code(&reply)
    }

    /// A case, from its beginning to its end: everybody who has a ballot approves, and nobody objects.
    async fn recover(&mut self, tried: &Tried, kind: Pick) -> Option<String> {
        let reply = self.open_case(tried, kind).await;
        if reply.status != 201 {
            return code(&reply);
        }
        let opened = reply.json();
        let case = format!("/v1/cases/{}", opened["id"].as_str().unwrap());
        let ballot = json!({"choice": "approve", "terms_hash": opened["terms_hash"]});
        let electorate = opened["terms"]["electorate"].as_array().unwrap();
        for elector in PEOPLE.into_iter().filter(|it| self.town.knows(it)) {
            // Whoever has lost their access may have lost their ballot, and whoever approves elsewhere has none to give.
            if electorate.contains(&json!(self.town.user(elector))) {
                self.town.call(elector, "PUT", &format!("{case}/ballot"), Some(ballot.clone())).await;
            }
        }
        let state = async || self.town.get(OPERATOR, &case).await.good()["state"].as_str().unwrap().to_owned();
        self.town.pass(SignedDuration::from_hours(73)).await;
        if state().await != "completed" {
            // Its opener gives up, or time ends it, so that it stands in nobody's way.
            self.town.call(tried.by, "POST", &format!("{case}/withdraw"), None).await;
            self.town.pass(SignedDuration::from_hours(15 * 24)).await;
        }
        Some(state().await).filter(|state| state != "completed").map(|state| format!("case {state}"))
    }

    async fn open_case(&self, tried: &Tried, kind: Pick) -> Reply {
        let kind = if kind.is_multiple_of(2) { "replace" } else { "add" };
        let new = json!({"kind": kind, "nominee": self.id(tried.who), "statement": "Nobody answers."});
        let path = format!("/v1/accounts/{}/cases", self.places[tried.at].id);
        self.call(tried.by, tried.through, "POST", &path, new).await
    }

    /// Somebody's id; one that nobody has for those of whom nobody has heard.
    fn id(&self, who: &str) -> String {
        if self.town.knows(who) { self.town.user(who) } else { UserId::from_uuid(uuid::Uuid::max()).to_string() }
    }
}

fn choose(who: Who, shown: &Shown, asked: Option<&'static str>) -> &'static str {
    let nth = |names: Vec<&'static str>, pick: Pick| names.get(usize::from(pick) % names.len().max(1)).copied();
    let everybody = |pick: Pick| PEOPLE[usize::from(pick) % PEOPLE.len()];
    let of = |owners_only: Option<bool>| -> Vec<&'static str> {
        let fits = |owner: bool| owners_only.is_none_or(|only| only == owner);
        shown.members.iter().filter(|(_, member)| fits(member.owner)).filter_map(|(name, _)| named(name)).collect()
    };
    match who {
        Who::Owner(pick) => nth(of(Some(true)), pick).unwrap_or_else(|| everybody(pick)),
        Who::Member(pick) => nth(of(None), pick).unwrap_or_else(|| everybody(pick)),
        Who::Asked => asked.unwrap_or(PEOPLE[0]),
        Who::Anybody(pick) => everybody(pick),
    }
}

/// The person of that name.
pub fn named(name: &str) -> Option<&'static str> {
    PEOPLE.into_iter().find(|person| *person == name)
}

/// The code of a refusal.
fn code(reply: &Reply) -> Option<String> {
    let refused = !(200..300).contains(&reply.status);
    refused
        .then(|| reply.json()["code"].as_str().unwrap_or_else(|| panic!("{}: {}", reply.status, reply.body)).to_owned())
}
