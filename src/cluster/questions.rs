//! What the rules on ties ask and nobody has compared.

use std::cell::{Cell, RefCell};

/// What is asked at one end by one rule: the closest fellows speak for the
/// others, and a component must not cost the square of its size.
pub(super) const MAX_QUESTIONS: usize = 4;

/// What was asked and could not be answered.
#[derive(Debug, Default)]
pub(super) struct Questions {
    asked: RefCell<Vec<(usize, usize)>>,
    /// How many had been asked when this end was come to.
    before: Cell<usize>,
}

impl Questions {
    /// Comes to another end, or to another rule.
    pub(super) fn begin_end(&self) {
        self.before.set(self.asked.borrow().len());
    }

    /// Asks about two groups, unless enough was asked at this end.
    pub(super) fn ask(&self, one: usize, other: usize) {
        let mut asked = self.asked.borrow_mut();
        if asked.len() < self.before.get() + MAX_QUESTIONS {
            asked.push((one.min(other), one.max(other)));
        }
    }

    /// All that was asked, each pair once, sorted.
    pub(super) fn into_asked(self) -> Vec<(usize, usize)> {
        let mut asked = self.asked.into_inner();
        asked.sort_unstable();
        asked.dedup();
        asked
    }
}
