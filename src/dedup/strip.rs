//! What the texts that stay say twice: cuts for `--strip`.
//!
//! Only what stands again character for character, white space apart, is cut;
//! a passage that was edited stays. Of a passage that a document repeats the
//! first place stays. Of boilerplate, the same words in unrelated documents,
//! the place in the first document that stays, in the order of the policy,
//! does; so each cut says where its words still stand, and no cut touches a
//! place that another one rests on.
//!
//! A cut takes the white space before it along where white space or the end
//! follows, and the white space behind it at the beginning of a text, so that
//! no blank lines are left. It begins and ends where a line or a sentence does:
//! a part of one, as the headline in `HEADLINE: …` or a period of encoded data,
//! stays. Boilerplate that is all of a text stays too.
//!
//! O(n log n) in the places; texts are looked at where something is listed.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Plan, place};
use crate::collection::Collection;
use crate::document::{DocId, Span, SpanBase};
use crate::report::{PassageKind, Report};

/// What is cut out of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StripKind {
    /// Second and later places of what a document says twice.
    Repeats,
    /// Page furniture that another document has too.
    Boilerplate,
}

/// What is cut out of one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Edited {
    /// The document.
    pub document: DocId,
    /// The cuts, in the order of the text; they do not overlap.
    pub cuts: Vec<Cut>,
}

/// One cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// What is left out of the text, with white space next to it.
    pub span: Span,
    /// Why.
    pub kind: StripKind,
    /// The document in which the same still stands.
    pub stands_in: DocId,
    /// Where it stands there.
    pub stands_at: Span,
}

/// The cuts of `kinds` in the documents of `corpus` that stay, in the order of
/// their ids. `report` is the report on `corpus`. Documents of the other side
/// have no part in it: what is cut still stands in what is written.
pub fn strip<'c>(
    report: &Report,
    corpus: impl Into<Collection<'c>>,
    plan: &Plan,
    kinds: &[StripKind],
) -> Vec<Edited> {
    let is_own = report.documents.iter().map(|document| !document.against);
    let kept = plan.kept().into_iter().zip(is_own).map(|(is_kept, is_own)| is_kept && is_own).collect();
    let mut work = Work { corpus: corpus.into(), kept, places: BTreeMap::new() };
    if kinds.contains(&StripKind::Repeats) {
        work.cut_repeats(report);
    }
    if kinds.contains(&StripKind::Boilerplate) {
        work.cut_boilerplate(report, plan);
    }
    let edited = work.places.into_iter().map(|(document, Places { mut cuts, .. })| {
        cuts.sort_by_key(|cut| cut.span);
        Edited { document: DocId::new(document), cuts }
    });
    edited.filter(|edited| !edited.cuts.is_empty()).collect()
}

/// `text` without what is cut.
pub fn apply(text: &str, cuts: &[Cut]) -> String {
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for cut in cuts {
        left.push_str(&text[at..cut.span.start]);
        at = cut.span.end;
    }
    left.push_str(&text[at..]);
    left
}

/// Where the same words stand: documents, and places in them.
type Standing = Vec<(usize, Span)>;

struct Work<'c> {
    corpus: Collection<'c>,
    kept: Vec<bool>,
    places: BTreeMap<usize, Places>,
}

/// What is decided about one text so far.
#[derive(Default)]
struct Places {
    cuts: Vec<Cut>,
    /// What the cuts take.
    gone: Ranges,
    /// Where words stand that were cut elsewhere.
    held: Ranges,
}

/// Ranges that do not overlap: where each begins, and its end.
#[derive(Default)]
struct Ranges(BTreeMap<usize, usize>);

impl Ranges {
    fn touch(&self, span: Span) -> bool {
        self.0.range(..span.end).next_back().is_some_and(|(_, &end)| end > span.start)
    }

    /// Adds a range; what overlaps becomes one.
    fn add(&mut self, mut span: Span) {
        while let Some((&start, &end)) =
            self.0.range(..span.end).next_back().filter(|(_, end)| **end > span.start)
        {
            self.0.remove(&start);
            span = Span::new(span.start.min(start), span.end.max(end));
        }
        self.0.insert(span.start, span.end);
    }
}

impl<'c> Work<'c> {
    fn text(&self, document: usize) -> Cow<'c, str> {
        self.corpus.text(DocId::new(document))
    }

    /// Whether nothing of the span is cut.
    fn is_uncut(&self, document: usize, span: Span) -> bool {
        !self.places.get(&document).is_some_and(|places| places.gone.touch(span))
    }

    /// Whether it can be cut: it is not yet, and holds nothing up.
    fn is_free(&self, document: usize, span: Span) -> bool {
        self.is_uncut(document, span)
            && !self.places.get(&document).is_some_and(|places| places.held.touch(span))
    }

    fn cut_repeats(&mut self, report: &Report) {
        for repeat in &report.repeats {
            let Some(document) = place(report, &repeat.document).filter(|&document| self.kept[document])
            else {
                continue;
            };
            let [first, later @ ..] = repeat.spans.as_slice() else { continue };
            for &span in later {
                self.cut((document, span), (document, *first), StripKind::Repeats);
            }
        }
    }

    fn cut_boilerplate(&mut self, report: &Report, plan: &Plan) {
        // By the words, the longest first; within, by rank and place.
        let mut found: BTreeMap<(Reverse<usize>, String), Standing> = BTreeMap::new();
        let stand_ins = self.stand_ins(report);
        for pair in &report.pairs {
            for passage in pair.passages.iter().filter(|passage| passage.kind == PassageKind::Boilerplate) {
                for (id, span) in [(&pair.a, passage.a), (&pair.b, passage.b)] {
                    let Some(&Some(document)) = place(report, id).and_then(|at| stand_ins.get(at)) else {
                        continue;
                    };
                    let words = words(&self.text(document)[span.start..span.end]);
                    found.entry((Reverse(words.len()), words)).or_default().push((document, span));
                }
            }
        }
        for (_, mut places) in found {
            places.sort_by_key(|&(document, span)| (plan.ranks[document], span));
            places.dedup();
            places.retain(|&(document, span)| self.is_uncut(document, span));
            let Some((&first, later)) = places.split_first() else { continue };
            for &place in later {
                self.cut(place, first, StripKind::Boilerplate);
            }
        }
    }

    /// For each document the one that stays whose text has its spans: itself,
    /// or one with the very same text, since identical documents are listed
    /// under one id.
    fn stand_ins(&self, report: &Report) -> Vec<Option<usize>> {
        let mut stand_ins: Vec<Option<usize>> =
            self.kept.iter().enumerate().map(|(at, &is_kept)| is_kept.then_some(at)).collect();
        for group in &report.exact_groups {
            let members: Vec<usize> = group.documents.iter().filter_map(|id| place(report, id)).collect();
            let Some(&listed) = members.first().filter(|&&first| !self.kept[first]) else { continue };
            let is_same = |&member: &usize| self.kept[member] && self.text(member) == self.text(listed);
            stand_ins[listed] = members.iter().copied().find(is_same);
        }
        stand_ins
    }

    /// Cuts `span`, if that is as it should be.
    fn cut(&mut self, (document, span): (usize, Span), standing: (usize, Span), kind: StripKind) {
        let (stands_in, stands_at) = standing;
        let text = self.text(document);
        let is_same = words(&text[span.start..span.end])
            == words(&self.text(stands_in)[stands_at.start..stands_at.end]);
        let wide = with_space(&text, span);
        let is_editable = self.corpus.about(DocId::new(document)).span_base != SpanBase::Extracted;
        let is_possible = is_same && is_editable && is_whole(&text, span);
        if !is_possible || !self.is_free(document, wide) || !self.is_uncut(stands_in, stands_at) {
            return;
        }
        if kind == StripKind::Boilerplate && !self.leaves_words(document, wide) {
            return;
        }
        let cut = Cut { span: wide, kind, stands_in: DocId::new(stands_in), stands_at };
        let places = self.places.entry(document).or_default();
        places.cuts.push(cut);
        places.gone.add(wide);
        self.places.entry(stands_in).or_default().held.add(stands_at);
    }

    /// Whether the document has letters or digits left when `span` is cut too.
    fn leaves_words(&self, document: usize, span: Span) -> bool {
        let mut gone =
            Ranges(self.places.get(&document).map(|places| places.gone.0.clone()).unwrap_or_default());
        gone.add(span);
        let text = self.text(document);
        let mut at = 0;
        for (start, end) in gone.0 {
            if text[at..start].contains(char::is_alphanumeric) {
                return true;
            }
            at = end;
        }
        text[at..].contains(char::is_alphanumeric)
    }
}

/// The text with single spaces.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The span with the white space that would be too much without it.
fn with_space(text: &str, span: Span) -> Span {
    let (before, behind) = (&text[..span.start], &text[span.end..]);
    let kept = before.trim_end().len();
    if kept == 0 {
        return Span::new(span.start, text.len() - behind.trim_start().len());
    }
    if behind.is_empty() || behind.starts_with(char::is_whitespace) {
        return Span::new(kept, span.end);
    }
    span
}

/// Bytes of a line that are looked at on each side of a span: a line that has
/// more there has words there.
const LINE_WINDOW: usize = 512;

/// Whether a span begins where a line or a sentence does, and ends so.
fn is_whole(text: &str, span: Span) -> bool {
    let start = text.floor_char_boundary(span.start.saturating_sub(LINE_WINDOW));
    let end = text.ceil_char_boundary((span.end + LINE_WINDOW).min(text.len()));
    let (before, behind) = (&text[start..span.start], &text[span.end..end]);
    let line_before = match before.rfind('\n') {
        Some(newline) => &before[newline..],
        None => before,
    };
    let line_behind = &behind[..behind.find('\n').unwrap_or(behind.len())];
    let has_words = |part: &str| part.contains(char::is_alphanumeric);
    (!has_words(line_before) || ends_sentence(before))
        && (!has_words(line_behind) || ends_sentence(&text[span.start..span.end]))
}

/// Whether the text ends like a sentence, brackets and quotes behind it apart.
fn ends_sentence(text: &str) -> bool {
    const CLOSING: [char; 9] = ['"', '\'', ')', ']', '”', '’', '»', '」', '』'];
    let text = text.trim_end().trim_end_matches(CLOSING);
    text.ends_with(['.', '!', '?', '…', '。', '！', '？'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ranges_know_what_they_touch(
            spans in prop::collection::vec((0usize..40, 1usize..10), 0..12),
            (start, length) in (0usize..40, 1usize..10),
        ) {
            let spans: Vec<Span> = spans.iter().map(|&(start, length)| Span::new(start, start + length)).collect();
            let mut ranges = Ranges::default();
            spans.iter().for_each(|&span| ranges.add(span));
            let asked = Span::new(start, start + length);
            prop_assert_eq!(ranges.touch(asked), spans.iter().any(|span| span.overlap(asked) > 0));
        }
    }
}
