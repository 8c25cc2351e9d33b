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
use crate::passage::prepared::Range;
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
    let is_plain = |finding: &Finding| matches!(finding, Finding::No);
    if of_passages.iter().chain(&of_runs).all(is_plain) {
        return Judgement { passages: vec![Kind::default(); passages.len()], ..Judgement::default() };
    }
    let is_carried = of_passages.iter().chain(&of_runs).any(is_uncertain) && {
        let shared = Shared { runs, passages, of_runs: &of_runs, of_passages: &of_passages, owners: &owners };
        is_carried([a, b], &shared)
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
        of_runs: of_runs.iter().find_map(kind).into_iter().collect(),
        ..Judgement::default()
    }
}

fn quotation(reason: String) -> Kind {
    Kind { kind: PassageKind::Quotation, reason: Cow::Owned(reason) }
}

/// Whether what is quoted was copied with the text around it.
fn is_carried(sides: [Side<'_>; 2], shared: &Shared<'_>) -> bool {
    let is_plain = |finding: &Finding| matches!(finding, Finding::No);
    let mut ranges = Vec::new();
    for (number, side) in sides.into_iter().enumerate() {
        shared.ranges(number, is_plain, &mut ranges);
        if travels(side, &ranges) {
            return true;
        }
    }
    let tokens = |ranges: &[Range]| ranges.iter().map(|range| range.len()).sum::<usize>();
    let all = [0, 1].map(|number| {
        shared.ranges(number, |_| true, &mut ranges);
        tokens(&ranges)
    });
    // What the one quotes of the other must not be most of it.
    shared.ranges(0, |finding| matches!(finding, Finding::One(..)), &mut ranges);
    if 2 * tokens(&ranges) > all[0] {
        return false;
    }
    let share = |number: usize| all[number] as f64 / sides[number].prepared.len() as f64;
    if share(0).min(share(1)) >= NEARLY_ALL {
        return true;
    }
    (0..2).filter(|&number| share(number) >= NEARLY_ALL).any(|number| {
        // What both have as it stands, quoted by both or by neither.
        shared.ranges(number, |finding| !matches!(finding, Finding::One(..)), &mut ranges);
        is_without_own(sides[number], &ranges)
    })
}

/// What two documents share, and what was found of each part of it.
struct Shared<'s> {
    runs: &'s [Run],
    passages: &'s [Stretch],
    of_runs: &'s [Finding],
    of_passages: &'s [Finding],
    owners: &'s [Option<usize>],
}

impl Shared<'_> {
    /// The tokens of one side in what is as asked, as ranges in order and apart
    /// from each other.
    fn ranges(&self, side: usize, is_asked: impl Fn(&Finding) -> bool, ranges: &mut Vec<Range>) {
        ranges.clear();
        let passages = self.passages.iter().zip(self.of_passages).filter(|(_, finding)| is_asked(finding));
        ranges.extend(passages.map(|(passage, _)| if side == 0 { passage.a } else { passage.b }));
        let runs = self.runs.iter().zip(self.of_runs).zip(self.owners);
        let runs = runs.filter(|((_, finding), owner)| owner.is_none() && is_asked(finding));
        ranges.extend(runs.map(|((run, _), _)| if side == 0 { run.range_a() } else { run.range_b() }));
        ranges.sort_unstable();
        ranges.dedup_by(|next, last| {
            let touches = next.start <= last.end;
            if touches {
                last.end = last.end.max(next.end);
            }
            touches
        });
    }
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

/// A document's unquoted tokens, and how many of these are in shared ranges
/// that are apart from each other.
fn own_and_shared(side: Side<'_>, shared: &[Range]) -> (usize, usize) {
    let quoted = side.quoted();
    // Quoted stretches lie apart, so they hold no more tokens than the range.
    let unquoted = |range: &Range| range.len() - Count::of(quoted, *range).all;
    (unquoted(&Range::new(0, side.prepared.len())), shared.iter().map(unquoted).sum())
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
    columns(0) - columns(1) >= MIN_ONE_SIDED * f64::from(MIN_INDENTED)
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
