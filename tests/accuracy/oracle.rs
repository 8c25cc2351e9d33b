//! What a report says of pairs, computed again from the texts, slowly and in
//! another way: sets of windows of tokens instead of rolled shingles, spans of
//! the report instead of alignments, a longest common subsequence instead of
//! extension.

use std::collections::{BTreeMap, HashMap, HashSet};

use wirecopy::document::{Corpus, DocId, Span};
use wirecopy::params::Params;
use wirecopy::report::{Pair, PassageKind, Report, Verdict};
use wirecopy::text::{Token, Tokenizer};

/// How far a rounded ratio may be from the exact one.
const ROUNDING: f64 = 0.51e-6;

/// Least agreement of a passage that counts towards coverage.
const MIN_IDENTITY: f64 = 0.6;

/// Coverage both ways from which two documents are near duplicates.
const NEAR_COVERAGE: f64 = 0.8;

/// Tokens below which a text is short.
const SHORT_TEXT: usize = 30;

pub(crate) struct Oracle<'c> {
    corpus: &'c Corpus,
    report: &'c Report,
}

/// A document, tokenised.
struct Words {
    tokens: Vec<Token>,
    hashes: Vec<u64>,
}

/// What two documents share.
#[derive(Clone, Copy)]
struct Shares {
    shared: usize,
    jaccard: f64,
    /// Of the first document in the second, and the other way round.
    containment: [f64; 2],
    coverage: [f64; 2],
}

impl<'c> Oracle<'c> {
    pub(crate) fn new(corpus: &'c Corpus, report: &'c Report) -> Self {
        Self { corpus, report }
    }

    fn words(&self, document: DocId) -> Words {
        let mut tokens = Vec::new();
        Tokenizer::new().tokenize(self.corpus.text(document), |token| tokens.push(token));
        let hashes = tokens.iter().map(|token| token.hash).collect();
        Words { tokens, hashes }
    }

    fn document(&self, id: &str) -> DocId {
        self.corpus.find(id).unwrap()
    }

    /// Documents are in one exact group if, and only if, they have the same
    /// tokens.
    pub(crate) fn assert_exact_groups_are_complete(&self) {
        let mut by_tokens: HashMap<Vec<u64>, Vec<&str>> = HashMap::new();
        for (index, entry) in self.report.documents.iter().enumerate() {
            let hashes = self.words(DocId::new(index)).hashes;
            assert_eq!(hashes.len(), entry.tokens, "{}", entry.id);
            if !hashes.is_empty() {
                by_tokens.entry(hashes).or_default().push(&entry.id);
            }
        }
        let mut expected: Vec<Vec<&str>> = by_tokens.into_values().filter(|group| group.len() > 1).collect();
        expected.sort();
        let found: Vec<Vec<&str>> = (self.report.exact_groups.iter())
            .map(|group| group.documents.iter().map(String::as_str).collect())
            .collect();
        assert!(found == expected, "{} exact groups, but there are {}", found.len(), expected.len());
    }

    /// Every pair has the shares that it says and the first verdict whose rule
    /// they meet. Returns how many pairs there are.
    pub(crate) fn assert_every_pair_earns_its_verdict(&self) -> usize {
        let mut words: BTreeMap<DocId, Words> = BTreeMap::new();
        for pair in &self.report.pairs {
            let (a, b) = (self.document(&pair.a), self.document(&pair.b));
            // Pairs come in the order of their first document.
            words.retain(|document, _| *document >= a);
            for document in [a, b] {
                words.entry(document).or_insert_with(|| self.words(document));
            }
            self.assert_pair(pair, &words[&a], &words[&b]);
        }
        self.report.pairs.len()
    }

    fn assert_pair(&self, pair: &Pair, a: &Words, b: &Words) {
        let shingle_len = self.report.params.shingle_len;
        let shares = Shares::count(pair, a, b, shingle_len);
        let place = format!("{} and {}", pair.a, pair.b);
        let raw = [
            ("jaccard", pair.jaccard, shares.jaccard),
            ("containment of a in b", pair.containment_of_a_in_b, shares.containment[0]),
            ("containment of b in a", pair.containment_of_b_in_a, shares.containment[1]),
        ];
        for (name, said, counted) in raw {
            assert!((said - counted).abs() < ROUNDING, "{name} of {place} is {counted}, not {said}");
        }
        let earned = |shares: &Shares, has_passage: bool| {
            let verdict = self.verdict(shares, a.hashes.len() <= b.hashes.len(), has_passage)?;
            Some(if is_changed_short_text(a, b) { without_uniting(verdict, has_passage) } else { verdict })
        };
        let said = [pair.coverage_of_a_by_b, pair.coverage_of_b_by_a];
        if pair.counted_jaccard.is_some() || pair.passages.iter().any(|p| p.kind != PassageKind::Copy) {
            return assert_left_out(pair, &shares, earned);
        }
        if is_scattered(pair) {
            // Short runs cover nothing, and nothing else is reached.
            for (said, counted) in said.into_iter().zip(shares.containment) {
                assert!((said - counted).abs() < ROUNDING, "coverage in {place} is {counted}, not {said}");
            }
            let windows_alone = Shares { coverage: shares.containment, ..shares };
            assert_eq!(
                (earned(&windows_alone, false), pair.verdict),
                (None, Verdict::SharesPassage),
                "{place}"
            );
            return assert_runs(pair, a, b, &self.report.params);
        }
        for (said, counted) in said.into_iter().zip(shares.coverage) {
            assert!((said - counted).abs() < ROUNDING, "coverage in {place} is {counted}, not {said}");
        }
        let verdict = earned(&shares, !pair.passages.is_empty());
        assert_eq!(Some(pair.verdict), verdict, "{} and {}", pair.a, pair.b);
        // Where shared windows alone do not earn the verdict, the passages
        // must be what they say.
        let windows_alone = Shares { coverage: shares.containment, ..shares };
        if earned(&windows_alone, false) != verdict {
            assert_passages(pair, a, b, self.report.params.min_passage_tokens);
        }
    }

    /// The rules of the verdicts, as the documentation gives them.
    fn verdict(&self, shares: &Shares, a_is_shorter: bool, has_passage: bool) -> Option<Verdict> {
        let params = &self.report.params;
        let [of_a, of_b] = shares.coverage;
        let is_more_than_a_phrase =
            has_passage || shares.shared > params.min_passage_tokens - params.shingle_len;
        let is_covered = |coverage: f64, least: f64| is_more_than_a_phrase && coverage >= least;
        let of_shorter = if a_is_shorter { of_a } else { of_b };
        let rules = [
            (
                Verdict::NearDuplicate,
                shares.jaccard >= params.min_jaccard || is_covered(of_a.min(of_b), NEAR_COVERAGE),
            ),
            (Verdict::Contains, is_covered(of_b, params.min_containment) && of_b >= of_a),
            (Verdict::ContainedIn, is_covered(of_a, params.min_containment)),
            (Verdict::Derived, is_covered(of_shorter, params.min_derived)),
            (Verdict::SharesPassage, has_passage),
        ];
        rules.into_iter().find(|rule| rule.1).map(|rule| rule.0)
    }
}

impl Shares {
    fn count(pair: &Pair, a: &Words, b: &Words, shingle_len: usize) -> Self {
        let x: HashSet<&[u64]> = a.hashes.windows(shingle_len).collect();
        let y: HashSet<&[u64]> = b.hashes.windows(shingle_len).collect();
        let shared = x.intersection(&y).count();
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let containment = [share(shared, x.len()), share(shared, y.len())];
        let aligned = |words: &Words, spans: Vec<Span>| {
            let is_inside = |token: &&Token| {
                spans.iter().any(|s| s.start <= token.start as usize && token.end as usize <= s.end)
            };
            share(words.tokens.iter().filter(is_inside).count(), words.tokens.len())
        };
        let aligned = [
            aligned(a, pair.passages.iter().map(|passage| passage.a).collect()),
            aligned(b, pair.passages.iter().map(|passage| passage.b).collect()),
        ];
        Self {
            shared,
            jaccard: share(shared, x.len() + y.len() - shared),
            containment,
            coverage: [containment[0].max(aligned[0]), containment[1].max(aligned[1])],
        }
    }
}

/// What is left out lowers shares, and the verdict is the one that is
/// earned by what is left; or, if none is, everything together earns one.
fn assert_left_out(pair: &Pair, all: &Shares, earned: impl Fn(&Shares, bool) -> Option<Verdict>) {
    let place = format!("{} and {}", pair.a, pair.b);
    let coverage = [pair.coverage_of_a_by_b, pair.coverage_of_b_by_a];
    let jaccard = pair.counted_jaccard.unwrap_or(pair.jaccard);
    assert!(jaccard <= pair.jaccard, "{place}");
    assert!(coverage.iter().zip(all.coverage).all(|(counted, all)| *counted <= all + ROUNDING), "{place}");
    let is_copy = |kind| kind == PassageKind::Copy;
    let has_passage = pair.passages.iter().any(|passage| is_copy(passage.kind));
    // How many shingles count follows from their Jaccard similarity.
    let either = if pair.jaccard > 0.0 { all.shared as f64 / all.jaccard } else { 0.0 };
    let counted = Shares { shared: (jaccard * either).round() as usize, jaccard, coverage, ..*all };
    match earned(&counted, has_passage) {
        Some(verdict) => assert_eq!(pair.verdict, verdict, "{place}"),
        None => {
            let is_left_out =
                matches!(pair.verdict, Verdict::Quotation | Verdict::Boilerplate | Verdict::Template);
            assert!(is_left_out && pair.reason.is_some(), "{place}: {:?}", pair.verdict);
            assert!(earned(all, !pair.passages.is_empty()).is_some(), "{place}");
        }
    }
}

/// Whether the shorter side has fewer tokens than a short text may have, and
/// its words are not all in the longer, in order.
fn is_changed_short_text(a: &Words, b: &Words) -> bool {
    let shorter = a.hashes.len().min(b.hashes.len());
    shorter < SHORT_TEXT && longest_common_subsequence(&a.hashes, &b.hashes) < shorter
}

fn without_uniting(verdict: Verdict, has_passage: bool) -> Verdict {
    match verdict {
        Verdict::NearDuplicate => Verdict::Template,
        Verdict::SharesPassage => verdict,
        _ if has_passage => Verdict::SharesPassage,
        _ => Verdict::Template,
    }
}

/// Whether the one passage of a pair is of short runs, by what it says.
fn is_scattered(pair: &Pair) -> bool {
    matches!(&pair.passages[..], [passage] if passage.reason.contains(" tokens in the same order, "))
}

/// The runs of a passage have what they are asked to have, and their tokens are
/// in one order in both texts.
fn assert_runs(pair: &Pair, a: &Words, b: &Words, params: &Params) {
    let passage = &pair.passages[0];
    let place = format!("{:?} in {} and {:?} in {}", passage.a, pair.a, passage.b, pair.b);
    let (x, y) = (inside(a, passage.a), inside(b, passage.b));
    assert_eq!(passage.tokens, x.len().max(y.len()), "{place}");
    let agreeing = (passage.identity * passage.tokens as f64).round() as usize;
    let shorter = a.hashes.len().min(b.hashes.len());
    assert!(agreeing >= params.min_passage_tokens + params.shingle_len, "{place}: {agreeing}");
    assert!(6 * agreeing >= shorter, "{place}: {agreeing} of {shorter}");
    assert!(longest_common_subsequence(x, y) >= agreeing, "{place}: {agreeing}");
    let windows = |hashes: &[u64]| -> HashSet<Vec<u64>> {
        hashes.windows(params.shingle_len).map(<[u64]>::to_vec).collect()
    };
    let (x, y) = (windows(x), windows(y));
    // A run of five tokens has one window, and a longer one more of them than that.
    let shared = x.intersection(&y).count();
    assert!(shared * params.shingle_len >= agreeing, "{place}: {shared} windows, {agreeing} tokens");
}

/// Every passage is long enough, and as much alike as it says.
fn assert_passages(pair: &Pair, a: &Words, b: &Words, min_tokens: usize) {
    for passage in &pair.passages {
        let (x, y) = (inside(a, passage.a), inside(b, passage.b));
        let longer = x.len().max(y.len());
        let place = format!("{:?} in {} and {:?} in {}", passage.a, pair.a, passage.b, pair.b);
        assert_eq!((passage.kind, passage.tokens), (PassageKind::Copy, longer), "{place}");
        assert!(x.len().min(y.len()) >= min_tokens, "{place} has {} and {} tokens", x.len(), y.len());
        assert!(passage.identity >= MIN_IDENTITY, "{place}: {}", passage.identity);
        let agreeing = longest_common_subsequence(x, y) as f64 / longer as f64;
        assert!(
            agreeing >= passage.identity - ROUNDING,
            "{place}: {agreeing} agree, not {}",
            passage.identity
        );
    }
}

fn inside(words: &Words, span: Span) -> &[u64] {
    let from = words.tokens.partition_point(|token| (token.start as usize) < span.start);
    let to = words.tokens.partition_point(|token| token.end as usize <= span.end);
    &words.hashes[from..to]
}

fn longest_common_subsequence(a: &[u64], b: &[u64]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (place, y) in b.iter().enumerate() {
            let above = row[place + 1];
            row[place + 1] = if x == y { diagonal + 1 } else { above.max(row[place]) };
            diagonal = above;
        }
    }
    row[b.len()]
}
