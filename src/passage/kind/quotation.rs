//! Whether what two documents share is quotation.
//!
//! A passage, or a run outside passages, is a quotation where
//!
//! - *one document quotes the other*: at least [`MIN_ONE_SIDED`] of its tokens
//!   stand in block quotes or indented paragraphs on one side, and not on the
//!   other, or have a mark more there, since who quotes a text with its
//!   quotations puts a mark before those too; where indentation says so, the
//!   lines must stand further in than on the other side; or
//! - *both quote*: at least [`MIN_QUOTED`] of its tokens are quoted on either
//!   side, in whatever form.
//!
//! A quotation travels with the prose around it, unless it is a block quote of
//! one of the two: if half of the unquoted text of either document is in the
//! other, unquoted, or nearly all of both documents is the same, the whole
//!   was copied, quotations and all, and it stays a copy. That tells a copied
//!   interview or a reply sent twice from two reports of one speech or two
//!   replies to one letter.
//!
//! One side is enough for block quotes because they say by themselves where
//! the words come from; a mark before each line is easily lost where a mailer
//! wraps lines, so half suffices. Quotation marks are asked for on both sides:
//! who puts the words of another text between marks may take them from where
//! that text has them too. O(n) in the runs and passages, after
//! [`super::quoted`], which reads a text once.

use std::borrow::Cow;

use super::quoted::{Form, MIN_INDENTED, mean_columns};
use super::{Judgement, Kind, Side, owners};
use crate::passage::anchor::Run;
use crate::passage::extend::Stretch;
use crate::passage::prepared::{Range, covered};
use crate::report::PassageKind;

/// Share of the tokens that stands in block quotes of one document where it
/// quotes the other.
pub const MIN_ONE_SIDED: f64 = 0.5;

/// By how much the share in block quotes must differ between the sides for
/// one of them to quote the other.
const MIN_DIFFERENCE: f64 = 0.2;

/// Share of the tokens that both documents quote: all but an attribution (“he
/// said”) or the edges of an alignment.
pub const MIN_QUOTED: f64 = 0.8;

/// Share of a document's unquoted tokens that the other has too where its
/// quotations are part of what was copied.
const MIN_PROSE: f64 = 0.5;

/// Unquoted tokens in common that say so, at least: a sentence.
const MIN_PROSE_TOKENS: usize = 15;

/// Share of a document that the other has too where it is wholly in it.
const NEARLY_ALL: f64 = 0.9;

/// Unquoted tokens that a document wholly in another may have for itself: any
/// more may be a comment on what it quotes.
const MAX_OWN_TOKENS: usize = 4;

/// How much of a stretch is quoted on both sides.
#[derive(Clone, Copy)]
enum Finding {
    /// Little.
    No,
    /// One side quotes the other: tokens, of how many, on which side, and
    /// whether marks say so and not indentation.
    One(usize, usize, char, bool),
    /// Both quote: tokens, of how many.
    Both(usize, usize),
}

/// Judges passages, and runs outside them.
pub fn judge(a: Side<'_>, b: Side<'_>, runs: &[Run], passages: &[Stretch]) -> Judgement {
    let (of_a, of_b) = (a.quoted(), b.quoted());
    if of_a.is_empty() && of_b.is_empty() {
        return Judgement { passages: vec![Kind::default(); passages.len()], ..Judgement::default() };
    }
    let assess = |x: Range, y: Range| find([a, b], [x, y]);
    let owners = owners(runs, passages);
    let of_passages: Vec<Finding> = passages.iter().map(|passage| assess(passage.a, passage.b)).collect();
    let of_runs: Vec<Finding> = (runs.iter().zip(&owners))
        .map(|(run, owner)| owner.map_or_else(|| assess(run.range_a(), run.range_b()), |_| Finding::No))
        .collect();
    let is_uncertain = |finding: &Finding| matches!(finding, Finding::Both(..) | Finding::One(.., false));
    let has_uncertain = of_passages.iter().chain(&of_runs).any(is_uncertain);
    let is_carried = has_uncertain && {
        let is_plain = |finding: &Finding| matches!(finding, Finding::No);
        let ranges = |is_asked: &dyn Fn(&Finding) -> bool| {
            let runs = runs.iter().zip(&of_runs).zip(&owners);
            shared(passages.iter().zip(&of_passages), runs, is_asked)
        };
        let (all, prose) = (ranges(&|_| true), ranges(&is_plain));
        // What both have as it stands, quoted by both or by neither.
        let alike = ranges(&|finding| !matches!(finding, Finding::One(..)));
        // What the one quotes of the other must not be most of it.
        let of_other = ranges(&|finding| matches!(finding, Finding::One(..)));
        let tokens = |ranges: &[Range]| covered(ranges.iter().copied());
        let quotes_other = 2 * tokens(&of_other.0) > tokens(&all.0);
        let share = |side: Side<'_>, ranges: &[Range]| tokens(ranges) as f64 / side.prepared.len() as f64;
        let (of_a, of_b) = (share(a, &all.0), share(b, &all.1));
        let is_whole =
            |side, of_side: f64, shared: &[Range]| of_side >= NEARLY_ALL && is_without_own(side, shared);
        travels(a, &prose.0)
            || travels(b, &prose.1)
            || !quotes_other
                && (of_a.min(of_b) >= NEARLY_ALL
                    || is_whole(a, of_a, &alike.0)
                    || is_whole(b, of_b, &alike.1))
    };
    let is_left_out = |finding: &Finding| match finding {
        Finding::No => false,
        Finding::One(.., true) => true,
        Finding::One(.., false) | Finding::Both(..) => !is_carried,
    };
    let kind = |finding: &Finding| match *finding {
        _ if !is_left_out(finding) => None,
        Finding::No => None,
        Finding::One(quoted, of, side, _) => {
            Some(quotation(format!("{quoted} of {of} tokens stand in block quotes of {side}")))
        }
        Finding::Both(quoted, of) => {
            Some(quotation(format!("{quoted} of {of} tokens are quoted in both documents")))
        }
    };
    let kind_of_run = |finding: &Finding| {
        if is_left_out(finding) { PassageKind::Quotation } else { PassageKind::Copy }
    };
    Judgement {
        passages: of_passages.iter().map(|finding| kind(finding).unwrap_or_default()).collect(),
        runs: of_runs.iter().map(kind_of_run).collect(),
        of_runs: of_runs.iter().find_map(kind),
        ..Judgement::default()
    }
}

fn quotation(reason: String) -> Kind {
    Kind { kind: PassageKind::Quotation, reason: Cow::Owned(reason) }
}

/// The shared ranges of both documents whose finding is as asked.
fn shared<'s>(
    passages: impl Iterator<Item = (&'s Stretch, &'s Finding)>,
    runs: impl Iterator<Item = ((&'s Run, &'s Finding), &'s Option<usize>)>,
    is_asked: impl Fn(&Finding) -> bool,
) -> (Vec<Range>, Vec<Range>) {
    let passages =
        passages.filter(|(_, finding)| is_asked(finding)).map(|(passage, _)| (passage.a, passage.b));
    let runs = runs.filter(|((_, finding), owner)| owner.is_none() && is_asked(finding));
    passages.chain(runs.map(|((run, _), _)| (run.range_a(), run.range_b()))).unzip()
}

/// Whether so much of a document's own prose is shared that its quotations
/// were copied with it.
fn travels(side: Side<'_>, prose: &[Range]) -> bool {
    let (own, shared) = own_and_shared(side, prose);
    shared >= MIN_PROSE_TOKENS && shared as f64 >= MIN_PROSE * own as f64
}

/// Whether a document says nothing of its own that is not shared.
fn is_without_own(side: Side<'_>, shared: &[Range]) -> bool {
    let (own, shared) = own_and_shared(side, shared);
    own <= shared + MAX_OWN_TOKENS
}

/// A document's unquoted tokens, and how many of these are in shared ranges.
fn own_and_shared(side: Side<'_>, shared: &[Range]) -> (usize, usize) {
    let quoted = side.quoted();
    // Quoted stretches lie apart, so they hold no more tokens than the range.
    let unquoted = |range: Range| range.len() - Count::of(quoted, range).all;
    let shared = disjoint(shared.to_vec()).into_iter().map(unquoted).sum();
    (unquoted(Range::new(0, side.prepared.len())), shared)
}

/// The same tokens as ranges apart from each other.
fn disjoint(mut ranges: Vec<Range>) -> Vec<Range> {
    ranges.sort_unstable();
    let mut apart: Vec<Range> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

fn find(sides: [Side<'_>; 2], [x, y]: [Range; 2]) -> Finding {
    let (in_a, in_b) = (Count::of(sides[0].quoted(), x), Count::of(sides[1].quoted(), y));
    let share = |count: usize, range: Range| count as f64 / range.len().max(1) as f64;
    let one_sided = |(here, of_here), (there, of_there)| {
        let (here, there) = (share(here, of_here), share(there, of_there));
        here >= MIN_ONE_SIDED && here - there >= MIN_DIFFERENCE
    };
    let depth = |count: &Count, range: Range| share(count.marks, range);
    let deeper = depth(&in_a, x) - depth(&in_b, y);
    if deeper.abs() >= MIN_ONE_SIDED {
        let (count, of, side) = if deeper > 0.0 { (in_a, x, 'a') } else { (in_b, y, 'b') };
        return Finding::One(count.block, of.len(), side, true);
    }
    for (form, is_marked) in [(Count::marked as fn(&Count) -> usize, true), (Count::set_apart, false)] {
        let (by_a, by_b) = (form(&in_a), form(&in_b));
        if one_sided((by_a, x), (by_b, y)) && (is_marked || stands_further_in(sides, [x, y])) {
            return Finding::One(by_a, x.len(), 'a', is_marked);
        }
        if one_sided((by_b, y), (by_a, x)) && (is_marked || stands_further_in([sides[1], sides[0]], [y, x])) {
            return Finding::One(by_b, y.len(), 'b', is_marked);
        }
    }
    if share(in_a.all, x).min(share(in_b.all, y)) >= MIN_QUOTED {
        Finding::Both(in_a.all.min(in_b.all), x.len().max(y.len()))
    } else {
        Finding::No
    }
}

/// Whether the lines of a passage stand so much further in on the first side
/// that half of it or more may be a quotation there: what is set in alike in
/// both was copied as it stood, whichever of the two has the line above that
/// announces it.
fn stands_further_in(sides: [Side<'_>; 2], ranges: [Range; 2]) -> bool {
    let columns = |at: usize| {
        let Side { text, prepared } = sides[at];
        mean_columns(text, (ranges[at].start..ranges[at].end).map(|token| prepared.token_start(token)))
    };
    columns(0) - columns(1) >= MIN_ONE_SIDED * MIN_INDENTED as f64
}

/// How many tokens of a range are quoted.
#[derive(Clone, Copy, Default)]
struct Count {
    block: usize,
    indented: usize,
    all: usize,
    /// Marks before the lines of each token, together.
    marks: usize,
}

impl Count {
    fn of(quoted: &[(Range, Form)], range: Range) -> Self {
        let first = quoted.partition_point(|(other, _)| other.end <= range.start);
        let mut count = Self::default();
        for (other, form) in quoted[first..].iter().take_while(|(other, _)| other.start < range.end) {
            let tokens = other.overlap(range);
            count.all += tokens;
            match form {
                Form::Block(depth) => {
                    count.block += tokens;
                    count.marks += tokens * usize::from(*depth);
                }
                Form::Indented => count.indented += tokens,
                Form::Marks => {}
            }
        }
        count
    }

    fn marked(&self) -> usize {
        self.block
    }

    fn set_apart(&self) -> usize {
        self.block + self.indented
    }
}
