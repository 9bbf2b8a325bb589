//! How fast mails go to the mailboxes of one domain. Whoever sends too many at once is taken for a nuisance there, and then
//! none arrives; and a domain that takes nothing just now must not keep the mails of others waiting.
//!
//! Each process keeps its own pace, in memory: what is lost with it is only how fast it was. A mail whose turn has not come
//! goes back to the outbox untried.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use jiff::SignedDuration;

use crate::moment::Moment;

/// What is granted to one domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// So many mails at the same time.
    pub at_once: usize,
    /// So many in a minute.
    pub per_minute: u32,
}

/// How fast mails go to each domain.
#[derive(Debug)]
pub struct Pace {
    limits: Option<Limits>,
    lanes: Mutex<BTreeMap<String, Lane>>,
}

/// Whether a mail may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// At once. What became of it is to be told.
    Now,
    /// Not before then.
    Later(Moment),
}

/// What became of a mail, as far as the next one is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    /// The domain dealt with it.
    Well,
    /// The domain put it off.
    PutOff,
}

/// One domain.
#[derive(Debug, Clone, Copy)]
struct Lane {
    /// When the mails that went would be over, had they gone evenly.
    even: Moment,
    /// The latest moment for which a mail was told to come back.
    promised: Moment,
    /// Nothing goes before.
    rests_until: Moment,
    /// How often in a row it has put mails off.
    put_off: u32,
}

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// A mail waits no longer before it asks again.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);
/// How long a domain is left alone after it has put off a second mail in a row; twice as long after each further one. The
/// first may be one mailbox, or a greylist that has to see each mail once.
const FIRST_REST: SignedDuration = SignedDuration::from_secs(5);
/// Never longer than this: an alert to somebody else there would wait for it.
const LONGEST_REST: SignedDuration = SignedDuration::from_mins(1);
/// Above so many domains, those are forgotten of which there is nothing to know.
const REMEMBERED: usize = 1_000;

impl Pace {
    /// Within these limits.
    #[must_use]
    pub const fn within(limits: Limits) -> Self {
        Self { limits: Some(limits), lanes: Mutex::new(BTreeMap::new()) }
    }

    /// As fast as it goes.
    #[must_use]
    pub const fn free() -> Self {
        Self { limits: None, lanes: Mutex::new(BTreeMap::new()) }
    }

    /// How many mails may go to one domain at the same time.
    #[must_use]
    pub fn at_once(&self) -> usize {
        self.limits.map_or(usize::MAX, |limits| limits.at_once)
    }

    /// Whether a mail to that domain may go at that moment.
    #[must_use]
    pub fn turn(&self, domain: &str, now: Moment) -> Turn {
        let Some(Limits { per_minute, .. }) = self.limits else { return Turn::Now };
        let cost = MINUTE / i32::try_from(per_minute.max(1)).unwrap_or(i32::MAX);
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.len() > REMEMBERED {
            lanes.retain(|_, lane| lane.even.max(lane.rests_until) > now || lane.put_off > 0 && lane.promised > now);
        }
        let lane = lanes.entry(domain.to_owned()).or_insert_with(|| Lane::new(now));
        if lane.rests_until > now {
            return Turn::Later(lane.promise(lane.rests_until, cost, now));
        }
        let even = lane.even.max(now).after(cost);
        let full = even.before(MINUTE);
        if full > now {
            return Turn::Later(lane.promise(full, cost, now));
        }
        lane.even = even;
        Turn::Now
    }

    /// What became of a mail whose turn it was.
    pub fn went(&self, domain: &str, how: Went, now: Moment) {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(lane) = lanes.get_mut(domain) else { return };
        match how {
            Went::Well => (lane.put_off, lane.rests_until) = (0, now),
            // Those that were under way together are one.
            Went::PutOff if lane.rests_until > now => {}
            Went::PutOff => {
                lane.put_off = lane.put_off.saturating_add(1);
                if let Some(doublings) = lane.put_off.checked_sub(2) {
                    let longer = 1_i32.checked_shl(doublings).filter(|longer| *longer > 0).unwrap_or(i32::MAX);
                    let rest = FIRST_REST.checked_mul(longer).unwrap_or(LONGEST_REST).min(LONGEST_REST);
                    lane.rests_until = now.after(rest);
                }
            }
        }
    }
}

impl Lane {
    const fn new(now: Moment) -> Self {
        Self { even: now, promised: now, rests_until: now, put_off: 0 }
    }

    /// A moment for one more mail to come back: one after the other, so that not all of them come in vain.
    fn promise(&mut self, earliest: Moment, cost: SignedDuration, now: Moment) -> Moment {
        self.promised = self.promised.after(cost).max(earliest).min(now.after(LONGEST_WAIT));
        self.promised
    }
}

/// The domain of an address, as far as mails go.
#[must_use]
pub fn domain_of(address: &str) -> String {
    address.rsplit_once('@').map_or(address, |(_, domain)| domain).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_micros(seconds * 1_000_000)
    }

    fn pace(per_minute: u32) -> Pace {
        Pace::within(Limits { at_once: 2, per_minute })
    }

    /// How many of so many mails may go at that moment, and when the others come back.
    fn rush(pace: &Pace, domain: &str, mails: usize, now: Moment) -> (usize, Vec<i64>) {
        let turns: Vec<Turn> = (0..mails).map(|_| pace.turn(domain, now)).collect();
        let later = turns.iter().filter_map(|turn| match turn {
            Turn::Now => None,
            Turn::Later(moment) => Some(moment.since(at(0)).as_secs()),
        });
        (turns.iter().filter(|turn| **turn == Turn::Now).count(), later.collect())
    }

    #[test]
    fn so_many_go_in_a_minute_and_the_others_come_back_in_turn() {
        let pace = pace(60);
        let (went, later) = rush(&pace, "acme.example", 63, at(0));
        assert_eq!((went, later), (60, vec![1, 2, 3]));
        assert_eq!(rush(&pace, "beta.example", 60, at(0)).0, 60, "each domain for itself");
        assert_eq!(rush(&pace, "acme.example", 3, at(1)).0, 1);
        assert_eq!(rush(&pace, "acme.example", 60, at(120)).0, 60);
        let (_, later) = rush(&pace, "acme.example", 1_000, at(120));
        assert_eq!(later.last(), Some(&(120 + 300)), "nobody waits for hours before they ask again");
        // Over an hour, all that asks again and again is as much as the limit says, and no more than a minute's more.
        let total: usize = (0..3_600).map(|second| rush(&pace, "gamma.example", 5, at(second)).0).sum();
        assert!((3_600..=3_661).contains(&total), "{total}");
    }

    #[test]
    fn a_domain_that_puts_off_rests_alone() {
        let pace = pace(600);
        let go = |domain: &str, second| pace.turn(domain, at(second));
        assert_eq!(go("acme.example", 0), Turn::Now);
        pace.went("acme.example", Went::PutOff, at(0));
        assert_eq!(go("acme.example", 0), Turn::Now, "one may be a mailbox's own");
        pace.went("acme.example", Went::PutOff, at(0));
        assert_eq!(go("acme.example", 1), Turn::Later(at(5)));
        assert_eq!(go("beta.example", 1), Turn::Now);
        assert_eq!(go("acme.example", 5), Turn::Now);
        for (put_off_at, until) in [(5, 15), (15, 35), (35, 75), (75, 135), (135, 195), (195, 255)] {
            pace.went("acme.example", Went::PutOff, at(put_off_at));
            pace.went("acme.example", Went::PutOff, at(put_off_at));
            let Turn::Later(next) = go("acme.example", until - 1) else { panic!("{until}") };
            assert!(next >= at(until) && next < at(until + 2), "{put_off_at}: {next}");
            assert_eq!(go("acme.example", until), Turn::Now);
        }
        pace.went("acme.example", Went::Well, at(260));
        pace.went("acme.example", Went::PutOff, at(260));
        assert_eq!(go("acme.example", 260), Turn::Now, "it has begun anew");
    }

    #[test]
    fn what_nobody_needs_to_know_is_forgotten() {
        let pace = pace(60);
        for number in 0..5_000 {
            assert_eq!(pace.turn(&format!("d{number}.example"), at(number)), Turn::Now);
        }
        assert!(pace.lanes.lock().unwrap().len() <= REMEMBERED + 1);
        assert_eq!(Pace::free().turn("acme.example", at(0)), Turn::Now);
    }

    #[test]
    fn the_domain_of_an_address() {
        for (address, domain) in [("a@Acme.Example", "acme.example"), ("\"a@b\"@c.example", "c.example"), ("x", "x")] {
            assert_eq!(domain_of(address), domain);
        }
    }
}
