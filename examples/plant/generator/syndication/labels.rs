//! What is true of stories, as label files.

use std::collections::BTreeMap;

use super::{Issue, Publisher};

/// The labels of a feed of stories, in the order of planting.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StoryLabels {
    clusters: String,
    /// Ancestors and what was made of them; both stamps have minutes, or not.
    direction: Vec<(String, bool)>,
    /// Which of two copies was published first.
    first: String,
    derivation: String,
    revisions: String,
    origins: String,
}

impl StoryLabels {
    /// Adds a story, as far as its documents are kept.
    pub(super) fn add(
        &mut self,
        issues: &[Issue],
        publishers: &[Publisher],
        is_kept: impl Fn(&Issue) -> bool,
    ) {
        let Some(cluster) = issues.iter().find(|issue| is_kept(issue)).map(|issue| &issue.id) else { return };
        let has_minutes = |issue: &Issue| !publishers[issue.publisher].gives_dates_only;
        let origin = if is_kept(&issues[0]) { issues[0].id.as_str() } else { "-" };
        let source = &publishers[issues[0].publisher].domain;
        self.origins += &format!("{cluster}\t{origin}\t{source}\n");
        for (place, issue) in issues.iter().enumerate().filter(|(_, issue)| is_kept(issue)) {
            self.clusters += &format!("{}\t{cluster}\n", issue.id);
            let ancestors = ancestors(issues, place);
            for &ancestor in ancestors.iter().filter(|&&ancestor| is_kept(&issues[ancestor])) {
                let both = has_minutes(issue) && has_minutes(&issues[ancestor]);
                self.direction.push((format!("{}\t{}\n", issues[ancestor].id, issue.id), both));
            }
            for earlier in issues[..place].iter().filter(|earlier| is_kept(earlier)) {
                let is_related = |x: &Issue| x.version.is_some();
                if !is_related(earlier) && !is_related(issue) && earlier.second != issue.second {
                    let at = issues.iter().position(|x| x.id == earlier.id);
                    if at.is_some_and(|at| !ancestors.contains(&at)) {
                        let (a, b) =
                            if earlier.second < issue.second { (earlier, issue) } else { (issue, earlier) };
                        self.first += &format!("{}\t{}\n", a.id, b.id);
                    }
                }
            }
            if let Some(&parent) = ancestors.first().filter(|&&parent| is_kept(&issues[parent])) {
                self.derivation += &format!("{}\t{}\n", issue.id, issues[parent].id);
                if issue.version.is_some() {
                    self.revisions += &format!("{}\t{}\n", issues[parent].id, issue.id);
                }
            }
        }
    }

    /// Labelled directions.
    pub(crate) fn directions(&self) -> usize {
        self.direction.len()
    }

    /// Every label file, by name.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let of_precision = |with_minutes: bool| -> String {
            let rows = self.direction.iter().filter(|(_, minutes)| *minutes == with_minutes);
            rows.map(|(row, _)| row.as_str()).collect()
        };
        let all: String = self.direction.iter().map(|(row, _)| row.as_str()).collect();
        let files = [
            ("clusters.tsv", "#id\tcluster\n", &self.clusters),
            ("direction.tsv", "#from\tto\n", &all),
            ("direction_minutes.tsv", "#from\tto\n# both times have minutes\n", &of_precision(true)),
            ("direction_days.tsv", "#from\tto\n# one time is a date\n", &of_precision(false)),
            ("first.tsv", "#from\tto\n# copies of one text: which was published first\n", &self.first),
            ("derivation.tsv", "#child\tparent\n", &self.derivation),
            ("revisions.tsv", "#earlier\tlater\n", &self.revisions),
            ("origins.tsv", "#cluster\torigin\tsource\n# -: not in docs.jsonl\n", &self.origins),
        ];
        files.map(|(name, head, rows)| (name.to_owned(), format!("{head}{rows}").into_bytes())).into()
    }
}

/// Parent, its parent and so on.
fn ancestors(issues: &[Issue], of: usize) -> Vec<usize> {
    std::iter::successors(issues[of].parent, |&at| issues[at].parent).collect()
}
