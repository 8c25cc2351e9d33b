//! What became of the facts and of the other words where two texts agree.
//!
//! A copy keeps its facts as well as its wording, and one that is substituted
//! or misread at random loses both at the same rate; a version of a story
//! changes a few numbers and keeps the names. Standing wording that is filled
//! in each time keeps its words and changes its facts.

use serde::{Deserialize, Serialize};

/// Facts that must be replaced, at least: fewer change in an update too.
pub const MIN_CHANGED: usize = 3;

/// Share of the facts that must be replaced. Of the pairs of `reuters21578` that
/// have less than half replaced and would unite else, 14 of 14 that were drawn
/// and read are notices of two bonds, bills or days, and so are all 39, whatever
/// is replaced, that are of one day under like titles.
pub const MIN_SHARE: f64 = 0.4;

/// Share of the numbers that suffices by itself, where so many are replaced.
pub const MIN_NUMBERS: f64 = 0.6;

/// Numbers replaced that suffice by themselves: more than an update brings.
pub const MIN_CHANGED_NUMBERS: usize = 5;

/// Share of the other words that may be replaced.
pub const MAX_WORDING: f64 = 0.3;

/// How many times as often as the other words facts must be replaced. Where
/// names are misread more readily than short words, as on scanned pages, it is
/// less (148 of 198 pairs of `chronam_week` that the other rules would take); of
/// the templates of `reuters21578` 93 in 100 have more.
pub const MIN_RATIO: f64 = 3.0;

/// Standard deviations by which facts must change more often than words.
const MIN_DEVIATIONS: f64 = 3.0;

/// How many aligned tokens of a class stayed, and how many were replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Those that both texts have.
    pub kept: u32,
    /// Those that stand opposite others.
    pub replaced: u32,
}

impl Change {
    /// All of them.
    pub fn all(self) -> u32 {
        self.kept + self.replaced
    }

    /// The share that was replaced.
    pub fn share(self) -> f64 {
        f64::from(self.replaced) / f64::from(self.all().max(1))
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { kept: self.kept + other.kept, replaced: self.replaced + other.replaced }
    }
}

/// What became of the tokens of two aligned texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Its numbers, each once.
    pub numbers: Change,
    /// Its names, each once.
    pub names: Change,
    /// All other words.
    pub wording: Change,
    /// How many of the facts that are replaced stand between wording that
    /// agrees, and not at the edge of a text, where a copy has another headline
    /// or dateline.
    pub inside: u32,
}

impl Changes {
    /// Numbers and names together.
    pub fn facts(&self) -> Change {
        self.numbers.and(self.names)
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            numbers: self.numbers.and(other.numbers),
            names: self.names.and(other.names),
            wording: self.wording.and(other.wording),
            inside: self.inside + other.inside,
        }
    }

    /// Whether this pair alone shows that the wording is standing and the facts
    /// are others: [`MIN_CHANGED`] facts are replaced inside of it and
    /// [`MIN_SHARE`] of all, or [`MIN_CHANGED_NUMBERS`] numbers and
    /// [`MIN_NUMBERS`] of these; at most [`MAX_WORDING`] of the other words are,
    /// and facts [`MIN_RATIO`] times as often as these and more often than
    /// chance has it.
    pub fn is_template(&self) -> bool {
        let changed = |change: Change, least: usize, share: f64| {
            change.replaced as usize >= least
                && change.share() >= share
                && change.share() >= MIN_RATIO * self.rate_of_wording()
                && self.is_more_than_chance(change, MIN_DEVIATIONS)
        };
        self.wording.share() <= MAX_WORDING
            && self.inside as usize >= MIN_CHANGED
            && (changed(self.facts(), MIN_CHANGED, MIN_SHARE)
                || changed(self.numbers, MIN_CHANGED_NUMBERS, MIN_NUMBERS))
    }

    /// Whether so many standard deviations more is replaced than if each were
    /// replaced as often as a word.
    pub fn is_more_than_chance(&self, change: Change, deviations: f64) -> bool {
        let (rate, all) = (self.rate_of_wording(), f64::from(change.all()));
        f64::from(change.replaced) >= all * rate + deviations * (all * rate * (1.0 - rate)).sqrt()
    }

    /// How often a word is replaced, never quite nothing and never quite all.
    fn rate_of_wording(&self) -> f64 {
        f64::from(self.wording.replaced + 1) / f64::from(self.wording.all() + 2)
    }
}
