//! Which texts the page holds.
//!
//! A budget in bytes of JSON, before it is packed, is spent on those documents
//! first that show something of as many findings as possible: of every
//! cluster its origin or representative and one more member, and both sides
//! of pairs outside clusters; then the third member of every cluster, and so
//! on. Larger clusters come before smaller ones, longer shared passages
//! before shorter ones. A text that does not fit is left out, and smaller
//! ones behind it may still go in. Equal texts are embedded once.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use super::data::Findings;
use super::embed::json_len;
use crate::render::{Texts, units};
use crate::report::{Cluster, Pair, Verdict};

/// The texts in the file, and what is not.
pub(super) struct ChosenTexts<'t> {
    texts: Vec<Cow<'t, str>>,
    /// The place of each document's text, by number.
    places: Vec<Option<usize>>,
    budget: usize,
    /// Documents whose text did not fit, and the bytes of these texts.
    left_out: usize,
    left_out_bytes: usize,
    /// Documents whose text was not at hand.
    missing: usize,
}

impl<'t> ChosenTexts<'t> {
    pub(super) fn choose(findings: &Findings<'_>, texts: &'t dyn Texts, budget: usize) -> Self {
        let mut chosen = Self {
            texts: Vec::new(),
            places: vec![None; findings.documents.len()],
            budget,
            left_out: 0,
            left_out_bytes: 0,
            missing: 0,
        };
        let mut is_seen = vec![false; findings.documents.len()];
        let mut known: HashMap<Cow<'t, str>, usize> = HashMap::new();
        let mut room = budget;
        for number in in_order_of_worth(findings) {
            if std::mem::replace(&mut is_seen[number], true) {
                continue;
            }
            let Some(text) = texts.text(&findings.documents[number].id) else {
                chosen.missing += 1;
                continue;
            };
            if let Some(&place) = known.get(&text) {
                chosen.places[number] = Some(place);
                continue;
            }
            // The comma behind it belongs to it.
            let length = json_len(&text) + 1;
            if length > room {
                chosen.left_out += 1;
                chosen.left_out_bytes += text.len();
                continue;
            }
            room -= length;
            known.insert(text.clone(), chosen.texts.len());
            chosen.places[number] = Some(chosen.texts.len());
            chosen.texts.push(text);
        }
        chosen
    }

    /// All of them.
    pub(super) fn texts(&self) -> &[Cow<'t, str>] {
        &self.texts
    }

    /// Where among them the text of this document stands.
    pub(super) fn place(&self, document: usize) -> Option<usize> {
        self.places[document]
    }

    /// The text of this document, if the page holds it.
    pub(super) fn text(&self, document: usize) -> Option<&str> {
        self.places[document].map(|place| &*self.texts[place])
    }

    /// What the page lacks, in words; empty where it lacks nothing.
    pub(super) fn note(&self) -> String {
        let all = self.places.len();
        let mut note = String::new();
        if self.missing == all && all > 0 {
            return "This report was made without the texts it is about, so no text is shown. Give them with \
                    --texts when you make it to see them side by side."
                .into();
        }
        if self.missing > 0 {
            note = format!(
                "The texts of {} of {all} documents were not at hand. ",
                units::thousands(self.missing)
            );
        }
        if self.left_out > 0 {
            let documents = units::count(self.left_out, "document is", "documents are");
            note += &format!(
                "The texts of {documents} not in this file ({}), which holds up to {} of text. Findings are \
                 complete. Raise the limit with --text-budget to see all texts.",
                units::bytes(self.left_out_bytes),
                units::bytes(self.budget),
            );
        }
        note.trim_end().to_owned()
    }
}

/// Numbers of documents, some more than once, those first whose text is worth
/// most.
fn in_order_of_worth(findings: &Findings<'_>) -> Vec<usize> {
    let report = findings.report();
    // Rank inside its finding, order of the finding, document.
    let mut ranked: Vec<(usize, usize, usize)> = Vec::new();
    let mut clusters: Vec<&Cluster> = report.clusters.iter().collect();
    clusters.sort_by(|a, b| b.members.len().cmp(&a.members.len()).then_with(|| a.id.cmp(&b.id)));
    for (order, cluster) in clusters.iter().enumerate() {
        let first = cluster.origin.document.as_ref().unwrap_or(&cluster.representative);
        let ids = std::iter::once(first).chain([&cluster.representative]);
        let ids = ids.chain(cluster.members.iter().map(|member| &member.document));
        let mut numbers: Vec<usize> = Vec::new();
        for number in ids.filter_map(|id| findings.number(id)) {
            // The origin and the representative stand in front and come again.
            if !numbers.iter().take(2).any(|&earlier| earlier == number) {
                numbers.push(number);
            }
        }
        ranked.extend(numbers.iter().enumerate().map(|(at, &number)| (at.saturating_sub(1), order, number)));
    }
    let mut pairs: Vec<&Pair> =
        (report.pairs.iter()).filter(|pair| !findings.lookup.share_cluster(&pair.a, &pair.b)).collect();
    let is_no_copy =
        |pair: &Pair| matches!(pair.verdict, Verdict::Quotation | Verdict::Boilerplate | Verdict::Template);
    let longest = |pair: &Pair| pair.passages.iter().map(|passage| passage.tokens).max();
    pairs.sort_by_key(|pair| (is_no_copy(pair), Reverse(longest(pair)), &pair.a, &pair.b));
    for (order, pair) in pairs.iter().enumerate() {
        let numbers = [&pair.a, &pair.b].into_iter().filter_map(|id| findings.number(id));
        ranked.extend(numbers.map(|number| (0, clusters.len() + order, number)));
    }
    ranked.sort_unstable();
    let rest = 0..findings.documents.len();
    ranked.into_iter().map(|(_, _, number)| number).chain(rest).collect()
}
