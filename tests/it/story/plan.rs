//! Where in the story, and when there, somebody dies.

use std::{collections::BTreeMap, time::Duration};

use quorate::secret::Chance;

/// A moment at a step of the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Between the step before and this one.
    Before,
    /// So long after the request has gone out, or the wait has begun; whether or not it is over by then.
    During(Duration),
    /// After the answer.
    After,
}

/// A step of the story: its name, and how long it took when nobody died.
pub type Step = (String, Duration);

/// Which steps somebody dies at. Each moment is used once.
#[derive(Debug, Default)]
pub struct Plan(BTreeMap<String, Vec<Moment>>);

impl Plan {
    /// Nobody dies.
    pub fn calm() -> Self {
        Self::default()
    }

    /// Somebody dies at every step, and so many times.
    pub fn everywhere(steps: &[Step], times: usize, chance: &Chance) -> Self {
        let mut plan = Self::default();
        for step in steps {
            for _ in 0..times {
                plan.add(step, chance);
            }
        }
        plan
    }

    /// Somebody dies so many times, spread over the story: in each part of it, at a step drawn by lot.
    pub fn here_and_there(steps: &[Step], times: usize, chance: &Chance) -> Self {
        let mut plan = Self::default();
        for part in 0..times {
            let (from, to) = (steps.len() * part / times, steps.len() * (part + 1) / times);
            plan.add(&steps[from + draw(chance, to - from)], chance);
        }
        plan
    }

    fn add(&mut self, (name, length): &Step, chance: &Chance) {
        let moment = match draw(chance, 6) {
            0 => Moment::Before,
            1 => Moment::After,
            // A little beyond its end, because not every run is as fast as the first.
            _ => Moment::During(length.mul_f64(1.3 / 1000.0 * f64::from(u32::try_from(draw(chance, 1000)).unwrap()))),
        };
        self.0.entry(name.clone()).or_default().push(moment);
    }

    /// The moments planned for a step, which is now played for the first time.
    pub fn take(&mut self, step: &str) -> Vec<Moment> {
        let mut moments = self.0.remove(step).unwrap_or_default();
        // The earliest is taken first: once there is an answer, there is nothing more to interrupt.
        moments.sort_by(|a, b| b.cmp(a));
        moments
    }
}

/// A number below that one.
fn draw(chance: &Chance, below: usize) -> usize {
    usize::from(u16::from_le_bytes(chance.bytes())) % below.max(1)
}
