//! Measures that must not fall below a floor.

use wirecopy::eval::Evaluation;

/// An evaluation whose measures are held to floors.
pub(crate) struct Floors<'e> {
    what: &'e str,
    evaluation: &'e Evaluation,
}

impl<'e> Floors<'e> {
    /// `what` names the data in failures.
    pub(crate) fn new(what: &'e str, evaluation: &'e Evaluation) -> Self {
        Self { what, evaluation }
    }

    /// Fails with the whole evaluation unless `value` is at least `floor`. A
    /// measure that is absent, because there was nothing to measure, fails.
    #[track_caller]
    pub(crate) fn assert_at_least(&self, name: &str, value: Option<f64>, floor: f64) {
        if value.is_some_and(|value| value >= floor) {
            return;
        }
        let value = value.map_or_else(|| "absent".to_owned(), |value| value.to_string());
        panic!("{name} of {} is {value}, but must be at least {floor}\n\n{}", self.what, self.text());
    }

    /// Fails with the whole evaluation unless `count` is at most `limit`.
    #[track_caller]
    pub(crate) fn assert_at_most(&self, name: &str, count: u64, limit: u64) {
        assert!(
            count <= limit,
            "{name} of {} is {count}, but must be at most {limit}\n\n{}",
            self.what,
            self.text()
        );
    }

    fn text(&self) -> String {
        let mut text = Vec::new();
        self.evaluation.write_text(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    }
}
