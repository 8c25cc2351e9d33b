//! Which of two documents was there first.
//!
//! Clues are weights of evidence: the logarithm of how much more often a clue
//! is seen if the first document was first than if the second was. They are
//! added (naive Bayes; Good, *Probability and the Weighing of Evidence*, 1950),
//! and the logistic function of the sum is the confidence. Every clue changes
//! its sign when the two change places, so that no prior enters. Below
//! [`MIN_CONFIDENCE`] the answer is undetermined; equal times without another
//! clue decide nothing.
//!
//! | clue | what it is | fitted | used |
//! | --- | --- | --- | --- |
//! | time | the log-odds of a model, `clock.rs` | 1.5 | 1 |
//! | credit | one names the other's publisher in its text | 4.0 | 4.0 |
//! | claim | one names it in its metadata (`claims.rs`) | 3.2 | 3.2 |
//! | named | others of the story name the one's publisher, ln(1 + n) | 2.4 | 1.2 |
//! | cut | one ends where the other goes on (`edits.rs`) | 0.5 | 0.25 |
//! | insert | one has a stretch in its midst that the other lacks | 1.5 | 0.7 |
//! | closer | one is more like the rest of the story | 9.4 | 4.7 |
//! | version | marks of one publisher's versions (`versions.rs`) | | 4.0 |
//!
//! *Fitted* weights are those of a logistic regression on syndication planted
//! into `reuters21578` (`cargo run --release --example weights`, which has the
//! commands). Credit and claim rest on the rates at which the generator
//! removes and confuses them, of which issue 6 states those of credits; time
//! keeps the weight of its model, as the generator's clocks have no gross
//! errors; what is halved rests on habits of outlets that the generator makes
//! up; marks of versions are judged. Confidence is held against another
//! corpus, see `benches/README.md`. Time: constant per pair, beside a linear
//! look at its passages and credits.

use crate::attribute::claims::Claim;
use crate::attribute::clock;
use crate::attribute::credited::{Naming, credit_to};
use crate::attribute::edits::Edits;
use crate::attribute::versions;
use crate::attribute::witness::Witness;
use crate::report::{Direction, Pair, ratio};

#[cfg(test)]
mod tests;
mod words;

pub(crate) use words::time_evidence;

/// Below this confidence nobody is said to have been first: one such answer in
/// four would be wrong.
pub const MIN_CONFIDENCE: f64 = 0.75;

/// No evidence makes it surer than 0.99: a collection has errors that no clue
/// knows of.
const MAX_LOG_ODDS: f64 = 4.595;

/// The clues, in the order of [`Clues::values`].
pub const CLUES: [&str; 7] = ["time", "credit", "claim", "named", "cut", "insert", "closer"];

/// Their weights; see the head of this file.
const WEIGHTS: [f64; 7] = [1.0, 4.0, 3.2, 1.2, 0.25, 0.7, 4.7];

/// Marks order the versions of one publisher: the reverse is a mistake of the
/// desk.
const VERSION_WEIGHT: f64 = 4.0;

/// A name that must be corrected first is a weaker clue.
const MISSPELT_SHARE: f64 = 0.7;

/// A claim that names the publisher, not the very page.
const HOST_SHARE: f64 = 0.8;

/// What one of two documents says of the other although the story hangs
/// neither on the other: mostly a wrong credit.
const KIN_SHARE: f64 = 0.25;

/// Likeness that decides as much as any more of it.
const MAX_CLOSER: f64 = 0.3;

/// What two documents are to each other, as far as their story tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// One may have been made from the other.
    Line,
    /// Both were made from others: who of them was first is a matter of time.
    Kin,
}

/// Which of `a` and `b` was there first, how sure that is, and what it rests
/// on. `pair` is what was found when the two were compared.
pub fn direction(a: &Witness<'_>, b: &Witness<'_>, pair: &Pair, relation: Relation) -> Direction {
    let clues = match relation {
        Relation::Line => Clues::of_pair(a, b, pair),
        Relation::Kin => Clues::of_kin(a, b),
    };
    let log_odds = clues.log_odds();
    let confidence = logistic(log_odds.abs());
    let first = if log_odds > 0.0 { a } else { b };
    let is_told = confidence >= MIN_CONFIDENCE;
    Direction {
        from: is_told.then(|| first.entry.id.clone()),
        confidence: if is_told { ratio(confidence) } else { 0.0 },
        evidence: words::evidence(a, b, &clues),
    }
}

/// What is known of two documents that were not compared, in words.
pub(crate) fn evidence_of(a: &Witness<'_>, b: &Witness<'_>) -> Vec<String> {
    words::evidence(a, b, &Clues::new(a, b, Edits::default()))
}

/// The probability that has these log-odds.
pub(crate) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// What tells who of two documents was first; positive where it is the first.
#[derive(Clone, Debug)]
pub struct Clues<'d> {
    time: f64,
    credits: [Option<Naming<'d>>; 2],
    claims: [Option<&'d Claim>; 2],
    /// Other documents of the story that name each of the two publishers.
    named_by: [usize; 2],
    closeness: Option<[f64; 2]>,
    edits: Edits,
    version: i32,
    /// Whether neither was made from the other.
    is_kin: bool,
}

impl<'d> Clues<'d> {
    /// The clues on the two documents of `pair`.
    pub fn of_pair(a: &'d Witness<'_>, b: &'d Witness<'_>, pair: &Pair) -> Self {
        Self::new(a, b, Edits::new(pair, [a.entry.bytes, b.entry.bytes]))
    }

    pub(crate) fn new(a: &'d Witness<'_>, b: &'d Witness<'_>, edits: Edits) -> Self {
        let time = match (&a.entry.published, &b.entry.published) {
            (Some(a), Some(b)) => clock::log_odds(a, b),
            _ => 0.0,
        };
        let is_one_publisher = a.entry.source == b.entry.source;
        let both = [(a, b), (b, a)];
        // A text without an address has its publisher from its credit line, so
        // that one publisher may credit itself.
        let credits = both.map(|(of, to)| credit_to(of.entry, &to.entry.source));
        let claims = both.map(|(of, to)| {
            let claims = of.claims.iter().filter(|_| !is_one_publisher);
            claims.filter(|claim| claim.is_of(to.entry)).max_by_key(|claim| claim.is_address_of(to.entry))
        });
        let mut clues = Self {
            time,
            credits,
            claims,
            named_by: [0; 2],
            closeness: None,
            edits,
            version: if is_one_publisher { versions::order(a.version, b.version) } else { 0 },
            is_kin: false,
        };
        clues.stand(a, b);
        clues
    }

    /// The clues on two documents that were both made from a third: times, and
    /// what they say of each other. What tells an original from its copies
    /// tells nothing about two copies.
    fn of_kin(a: &'d Witness<'_>, b: &'d Witness<'_>) -> Self {
        let all = Self::new(a, b, Edits::default());
        Self { is_kin: true, named_by: [0; 2], closeness: None, ..all }
    }

    /// What the rest of their story tells, if they are members of one.
    fn stand(&mut self, a: &Witness<'_>, b: &Witness<'_>) {
        let (Some(of_a), Some(of_b)) = (a.standing, b.standing) else { return };
        if of_a.story != of_b.story || a.entry.source == b.entry.source {
            return;
        }
        let names = |of: usize| usize::from(self.credits[of].is_some() || self.claims[of].is_some());
        self.named_by = [of_a.named_by.saturating_sub(names(1)), of_b.named_by.saturating_sub(names(0))];
        self.closeness = of_a.closeness.zip(of_b.closeness).map(|(a, b)| [a, b]);
    }

    /// The clues as numbers, in the order of [`CLUES`].
    pub fn values(&self) -> [f64; CLUES.len()] {
        let credit = |at: usize| {
            self.credits[at].map_or(0.0, |naming| {
                naming.credit.confidence * if naming.is_misspelt { MISSPELT_SHARE } else { 1.0 }
            })
        };
        let claim = |at: usize| {
            self.claims[at].map_or(0.0, |claim| if claim.written.contains('/') { 1.0 } else { HOST_SHARE })
        };
        let said = if self.is_kin { KIN_SHARE } else { 1.0 };
        let [named_a, named_b] = self.named_by.map(|count| (count as f64).ln_1p());
        let closer = self.closeness.map_or(0.0, |[a, b]| (a - b).clamp(-MAX_CLOSER, MAX_CLOSER));
        [
            self.time,
            said * (credit(1) - credit(0)),
            said * (claim(1) - claim(0)),
            named_a - named_b,
            f64::from(self.edits.cut),
            f64::from(self.edits.insert),
            closer,
        ]
    }

    /// All clues together.
    pub(crate) fn log_odds(&self) -> f64 {
        let sum: f64 = self.weighed().iter().sum::<f64>() + f64::from(self.version.signum()) * VERSION_WEIGHT;
        sum.clamp(-MAX_LOG_ODDS, MAX_LOG_ODDS)
    }

    /// Each clue with its weight, in the order of [`CLUES`].
    fn weighed(&self) -> [f64; CLUES.len()] {
        let mut values = self.values();
        values.iter_mut().zip(WEIGHTS).for_each(|(value, weight)| *value *= weight);
        values
    }

    /// Whether the second document names the publisher of the first.
    pub(crate) fn is_named(&self) -> bool {
        self.credits[1].is_some() || self.claims[1].is_some()
    }
}
