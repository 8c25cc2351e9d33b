//! Repeats: what one document says twice.
//!
//! Two rules. A run of at least `min_repeat_tokens` tokens that recurs, small
//! edits allowed, is found by aligning the document with itself, each shingle
//! against its next occurrence. A line that makes up most of another
//! (`lines.rs`) is looked up. Occurrences of one passage are gathered into one
//! repeat, however many there are. Time O(n log n), space O(n).

mod lines;

use std::collections::BTreeMap;

use super::align::{self, Place};
use super::anchor::{self, Run};
use super::chain;
use super::extend::{self, Stretch};
use super::prepared::{Prepared, Range, covered};
use crate::disjoint::DisjointSets;
use crate::document::Span;

/// Share of the longer of two ranges that must overlap for them to count as
/// the same occurrence.
const SAME_PLACE: f64 = 0.8;

/// A passage that stands more than once in a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeated {
    /// Its occurrences as token ranges, in order, not overlapping.
    pub ranges: Vec<Range>,
    /// The least identity between two occurrences.
    pub identity: f64,
}

impl Repeated {
    /// Tokens of the longest occurrence.
    pub fn tokens(&self) -> usize {
        self.ranges.iter().map(|range| range.len()).max().unwrap_or(0)
    }

    /// Byte ranges of the occurrences.
    pub fn spans(&self, text: &str, document: &Prepared) -> Vec<Span> {
        let place = |&range| Place { text, document, range };
        align::spans(&self.ranges.iter().map(place).collect::<Vec<_>>())
    }
}

/// What a document repeats, in order of the first occurrences.
pub fn repeats(text: &str, document: &Prepared, min_tokens: usize) -> Vec<Repeated> {
    let mut places = Occurrences::default();
    for (stretch, period) in long_repeats(document, min_tokens) {
        match period {
            Some(unit) => places.add_series(&stretch, unit),
            None => places.add(stretch.a, stretch.b, stretch.identity()),
        }
    }
    let mut found = places.into_repeats();
    found.extend(lines::repeated_lines(text, document, min_tokens, &found));
    found.sort_by(|x, y| x.ranges.cmp(&y.ranges));
    found
}

/// How many tokens lie in second and later occurrences.
pub fn repeated_tokens(repeats: &[Repeated]) -> usize {
    covered(repeats.iter().flat_map(|repeat| &repeat.ranges[1..]).copied())
}

/// Stretches of the document that stand again later. Where the two overlap,
/// the text is periodic, and the length of its period comes with it: a
/// multiple of the true one that is at least `min_tokens`.
fn long_repeats(document: &Prepared, min_tokens: usize) -> Vec<(Stretch, Option<usize>)> {
    let tokens = &document.tokens;
    let runs = anchor::recurring(document);
    let mut found = Vec::new();
    let mut parts = Vec::new();
    for chain in chain::chains(&runs).iter().flat_map(without_overlap) {
        parts.clear();
        extend::stretches(tokens, tokens, chain, &mut parts);
        for &part in &parts {
            let shift = part.b.start - part.a.start;
            if part.a.end > part.b.start {
                let unit = shift * min_tokens.div_ceil(shift);
                if part.b.end - part.a.start >= 2 * unit && part.score() > 0 {
                    found.push((part, Some(unit)));
                }
                continue;
            }
            if !align::is_anchored(&part, min_tokens) {
                continue;
            }
            let middle = usize::midpoint(part.a.end, part.b.start);
            let limits = (Range::new(0, middle), Range::new(middle, tokens.len()));
            let part = extend::extend(tokens, tokens, part, limits);
            if align::is_passage(&part, min_tokens) {
                found.push((part, None));
            }
        }
    }
    found.sort_by_key(|(stretch, _)| (std::cmp::Reverse(stretch.tokens()), *stretch));
    found
}

/// Cuts a chain where its earlier occurrence would run into the later one:
/// there a third copy begins, and its distance need not be the same.
fn without_overlap(chain: &[Run]) -> impl Iterator<Item = &[Run]> {
    let mut first = 0;
    let mut ends = (1..=chain.len()).filter(move |&next| {
        let is_end = chain.get(next).is_none_or(|run| run.a + run.len > chain[first].b);
        if is_end {
            first = next;
        }
        is_end
    });
    let mut start = 0;
    std::iter::from_fn(move || {
        let part = start..ends.next()?;
        start = part.end;
        Some(&chain[part])
    })
}

/// Places of the document and which of them hold the same passage.
#[derive(Default)]
struct Occurrences {
    ranges: Vec<Range>,
    /// Places by their first token.
    by_start: BTreeMap<usize, Vec<usize>>,
    /// Places with the same passage.
    same: DisjointSets,
    /// For each root the least identity met.
    identity: Vec<f64>,
}

impl Occurrences {
    fn add(&mut self, one: Range, two: Range, identity: f64) {
        let (one, two) = (self.place(one), self.place(two));
        let roots = [self.same.root(one), self.same.root(two)];
        let identity = roots.iter().fold(identity, |least, &root| least.min(self.identity[root]));
        self.identity[self.same.unite(one, two)] = identity;
    }

    /// Adds the units of a periodic stretch as occurrences of the first.
    fn add_series(&mut self, stretch: &Stretch, unit: usize) {
        let start = stretch.a.start;
        let first = Range::new(start, start + unit);
        for n in 1..(stretch.b.end - start) / unit {
            self.add(first, Range::new(start + n * unit, start + (n + 1) * unit), stretch.identity());
        }
    }

    /// The known place that is as good as this one, or a new one.
    fn place(&mut self, range: Range) -> usize {
        let near = range.len() / 4 + 1;
        let around = self.by_start.range(range.start.saturating_sub(near)..=range.start + near);
        for &place in around.flat_map(|(_, places)| places) {
            let known = self.ranges[place];
            if known.overlap(range) as f64 >= SAME_PLACE * known.len().max(range.len()) as f64 {
                return place;
            }
        }
        let place = self.ranges.len();
        self.ranges.push(range);
        self.by_start.entry(range.start).or_default().push(place);
        self.same.push();
        self.identity.push(1.0);
        place
    }

    fn into_repeats(mut self) -> Vec<Repeated> {
        let mut found = Vec::new();
        for group in self.same.sets() {
            let mut ranges: Vec<Range> = group.iter().map(|&place| self.ranges[place]).collect();
            ranges.sort_unstable();
            let mut apart: Vec<Range> = Vec::with_capacity(ranges.len());
            for range in ranges {
                if apart.last().is_none_or(|last| range.start >= last.end) {
                    apart.push(range);
                }
            }
            if apart.len() > 1 {
                found.push(Repeated { ranges: apart, identity: self.identity[group[0]] });
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Params;
    use proptest::prelude::*;

    fn words(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("w{n} ")).collect::<String>().trim().to_owned()
    }

    fn found(text: &str) -> Vec<(Vec<String>, f64)> {
        let document = Prepared::new(text, &Params::default());
        let slice = |span: Span| text[span.start..span.end].to_owned();
        let repeats = repeats(text, &document, 25);
        repeats
            .iter()
            .map(|r| (r.spans(text, &document).into_iter().map(slice).collect(), r.identity))
            .collect()
    }

    #[test]
    fn repeats_are_found_however_they_lie() {
        let (p1, p2, other) = (words(0, 60), words(100, 140), words(500, 900));
        let cases = [
            ("adjacent", format!("{other}\n{p1}\n{p1}"), vec![vec![p1.clone(); 2]]),
            ("distant", format!("{p1}\n{other}\n{p1}"), vec![vec![p1.clone(); 2]]),
            ("six times", vec![p1.clone(); 6].join("\n"), vec![vec![p1.clone(); 6]]),
            (
                "p1 p1 p2 p2",
                format!("{p1}\n{p1}\n{p2}\n{p2}"),
                vec![vec![p1.clone(); 2], vec![p2.clone(); 2]],
            ),
            ("p1 p2 p1 p2", format!("{p1}\n{p2}\n{p1}\n{p2}"), vec![vec![format!("{p1}\n{p2}"); 2]]),
            (
                "three places",
                format!("{p1}\n{other}\n{p1}\n{}\n{p1}", words(2000, 2100)),
                vec![vec![p1.clone(); 3]],
            ),
            ("nothing", other, vec![]),
        ];
        for (name, text, expected) in cases {
            let spans: Vec<Vec<String>> = found(&text).into_iter().map(|(spans, _)| spans).collect();
            assert_eq!(spans, expected, "{name}");
        }
    }

    #[test]
    fn small_edits_are_allowed_and_stated() {
        let edited = words(0, 100).replace("w40 ", "changed ").replace("w70 ", "");
        let repeats = found(&format!("{}\n{}\n{edited}", words(0, 100), words(500, 600)));
        assert_eq!(repeats.len(), 1);
        let (spans, identity) = &repeats[0];
        assert_eq!(*spans, [words(0, 100), edited]);
        assert!((identity - 0.98).abs() < 1e-9, "{identity}");
    }

    #[test]
    fn a_headline_printed_twice_is_a_repeat_with_or_without_a_label() {
        let (headline, body) = ("Ferry strike ends after nine days of talks", words(0, 100));
        let cases = [
            (format!("{headline}\n{headline}\n{body}"), 2),
            (format!("{headline}\nHEADLINE: {headline}\n{body}"), 2),
            (format!("{headline}.\n\n{body}\n\n{headline}.\n{headline}."), 3),
            (format!("{headline}\n{headline}, the harbour master and the union both said\n{body}"), 0),
            (format!("Read more news here\nRead more news here\n{body}"), 0),
            (format!("{headline} {headline} {body}"), 0),
        ];
        for (text, count) in cases {
            let repeats = found(&text);
            assert_eq!(repeats.first().map_or(0, |(spans, _)| spans.len()), count, "{text}");
            assert!(repeats.len() <= 1, "{text}");
        }
    }

    #[test]
    fn a_line_inside_a_doubled_body_is_not_said_again() {
        let body = format!("{}\nFerry strike ends after nine days\n{}", words(0, 50), words(50, 99));
        assert_eq!(found(&format!("{body}\n{body}")).len(), 1);
    }

    #[test]
    fn an_endless_phrase_is_one_repeat_and_costs_linear_time() {
        let repeats = found(&"blah ".repeat(200_000));
        assert_eq!(repeats.len(), 1);
        assert_eq!(repeats[0].0.len(), 8000);
        let phrase = found(&"buy now and save more today ".repeat(1000));
        assert_eq!((phrase.len(), phrase[0].0.len()), (1, 200));
    }

    proptest! {
        /// What was pasted several times, in whatever surroundings, lies in
        /// reported occurrences.
        #[test]
        fn every_long_recurrence_is_covered(
            unit in (25u16..50).prop_map(|len| (1000..1000 + len).collect::<Vec<u16>>()),
            gaps in prop::collection::vec(prop::collection::vec(0u16..500, 0..30), 2..5),
        ) {
            let tokens: Vec<u16> = gaps.iter().flat_map(|gap| [&gap[..], &unit].concat()).collect();
            let text: String = tokens.iter().map(|t| format!("w{t} ")).collect();
            let document = Prepared::new(&text, &Params::default());
            let repeats = repeats(&text, &document, 25);
            let reported: Vec<Range> = repeats.iter().flat_map(|r| r.ranges.clone()).collect();
            let mut at = 0;
            for gap in &gaps {
                at += gap.len();
                let range = Range::new(at, at + unit.len());
                let inside: usize = covered(reported.iter().map(|r| Range::new(r.start.max(range.start), r.end.min(range.end).max(r.start.max(range.start)))).collect::<Vec<_>>().into_iter());
                prop_assert!(inside == unit.len(), "{inside} of {}", unit.len());
                at += unit.len();
            }
            for repeat in &repeats {
                prop_assert!(repeat.ranges.windows(2).all(|pair| pair[0].end <= pair[1].start));
            }
        }
    }
}
