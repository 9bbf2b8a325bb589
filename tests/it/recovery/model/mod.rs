//! A model of roster and case, explored exhaustively: every state that people can bring about, in whatever order.
//!
//! A state holds the real `Roster` and the real `Case`s; a step calls the real `open`, `decide`, `Roster::add`,
//! `remove`, `contest`, `confirm`. The model adds what a database would hold, people, and a clock of whole ticks:
//! S = 2, voting window 2, waiting period 1, one pause. Two states are one if they have the same future (`key`), so
//! the clock needs no end, and the exploration is complete for the scene it is given. A scene (`scene`) says who
//! takes part and what they can do; the policy is the one that helps attackers most: no wait after a failed case.
//!
//! Attackers open, approve, reject, take back, withdraw, remove, add back, add puppets, contest, confirm, leave, wait.
//! Those removed contest before their standing ends, unless they are silent. Honest people never approve the
//! attackers' nominee and confirm nothing of theirs. The owner is lost, except where a scene lets them object.
//!
//! | attackers, of administrators | all removed contest | they win if this many of those removed stay silent |
//! | --- | --- | --- |
//! | 1 of 3 | no win | 2 of 2 |
//! | 1 of 4 | no win | 3 of 3 |
//! | 1 of 5 | no win | 4 of 4 |
//! | 2 of 5 | no win | 2 of 3 (so: if only one of three contests, two of five win) |
//! | exactly half: 1 of 2 | no win | 1 of 1 |
//! | exactly half: 2 of 4 | no win | 1 of 2 |
//!
//! The numbers are the same where two must approve, except that one attacker alone then needs a puppet as well: once
//! nobody else is on the roster, the attacker confirms it. (Checked there for two to four administrators.) A colleague
//! who contests in time for a silent one is as good as the silent one speaking up.
//!
//! In every scene, each case that nobody touches any more ends by itself. One administrator cannot win, but can make
//! a case fail by suspending its nominee just before it is due.
//!
//! `attacks` and `silence` show this; `controls` switch one guard off at a time and find each attack.

mod attacks;
mod controls;
mod explore;
mod key;
mod people;
mod properties;
mod scene;
mod silence;
mod steps;
mod take;
mod world;
