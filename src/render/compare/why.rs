//! Why a pair has its verdict: the rules in their order, what was found,
//! what each needs, and which one decided.

use std::io;

use anstyle::Style;

use super::{Compared, Finding, INDENT};
use crate::render::line::Line;
use crate::render::page::Page;
use crate::render::units;
use crate::report::{Pair, Verdict};
use crate::verify::{NEAR_COVERAGE, least_shingles};

/// Width of the page from which the rules are rows of a table.
const MIN_TABLE_WIDTH: usize = 76;

/// Columns of the table: the rule, then what was found.
const RULE_COLUMNS: usize = 34;
const FOUND_COLUMNS: usize = 8;

/// One rule, as it stands for this pair.
struct Rule {
    text: &'static str,
    found: String,
    needed: String,
    is_reached: bool,
    decides: bool,
}

pub(super) fn write(page: &mut Page<'_>, compared: &Compared<'_>) -> io::Result<()> {
    match &compared.finding {
        Finding::Pair(pair) => {
            let is_of_runs = matches!(&pair.passages[..], [passage] if passage.is_of_runs());
            let meaning = match pair.verdict {
                Verdict::SharesPassage if is_of_runs => RETOLD,
                verdict => meaning(verdict),
            };
            write_verdict(page, pair.verdict, meaning)?;
            if let Some(reason) = &pair.reason {
                let lead = Line::indent(INDENT).with(page.palette.dim, "- ");
                page.hanging(&lead, &Line::new().plain(reason), usize::MAX)?;
            }
            for rule in rules(compared, pair) {
                write_rule(page, &rule)?;
            }
            write_shares(page, pair)
        }
        Finding::Same(_) => write_verdict(page, Verdict::Exact, meaning(Verdict::Exact)),
        Finding::Nothing => write_nothing(page, compared),
    }
}

fn write_verdict(page: &mut Page<'_>, verdict: Verdict, meaning: &str) -> io::Result<()> {
    page.heading(&format!("Verdict: {}", verdict.name().replace('_', " ")), "")?;
    page.hanging(&Line::indent(INDENT), &Line::new().plain(meaning), usize::MAX)
}

/// What two documents are that share short runs in one order alone.
const RETOLD: &str = "A and B have phrases in the same order, as where one tells the other in its own words.";

fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Exact => {
            "A and B have the same words in the same order; case, punctuation and spacing may differ."
        }
        Verdict::NearDuplicate => "A and B have nearly the same text.",
        Verdict::Contains => "A contains the text of B: B is abridged from it, or embedded in it.",
        Verdict::ContainedIn => "B contains the text of A: A is abridged from it, or embedded in it.",
        Verdict::Derived => "A and B are versions of one text, rewritten or extended in places.",
        Verdict::SharesPassage => "A and B share a copied passage; the rest of them differs.",
        Verdict::Quotation => "What A and B share is quotation, which does not count as copying.",
        Verdict::Boilerplate => "What A and B share is page furniture, which does not count as copying.",
        Verdict::Template => {
            "A and B share standing wording with other facts in it, which does not count as copying."
        }
    }
}

/// The rules in the order in which the first that holds decides. Which one
/// decided is what the verdict says; it is not worked out anew.
fn rules(compared: &Compared<'_>, pair: &Pair) -> Vec<Rule> {
    let params = &compared.report.params;
    let (of_a, of_b) = (pair.coverage_of_a_by_b, pair.coverage_of_b_by_a);
    let of_shorter = if compared.a.tokens <= compared.b.tokens { of_a } else { of_b };
    let is = |verdict| pair.verdict == verdict;
    let near = is(Verdict::NearDuplicate);
    let jaccard = pair.counted_jaccard.unwrap_or(pair.jaccard);
    let by_jaccard = jaccard >= params.min_jaccard;
    let share = |text, found: f64, needed: f64, decides| Rule {
        text,
        found: units::percent_exact(found),
        needed: units::percent_exact(needed),
        is_reached: found >= needed,
        decides,
    };
    let copied = || pair.passages.iter().filter(|passage| params.counts(passage.kind));
    let longest = copied().filter(|passage| !passage.is_of_runs()).map(|passage| passage.tokens).max();
    let runs = copied().find(|passage| passage.is_of_runs());
    let (text, tokens, needed) = match (longest, runs) {
        (None, Some(runs)) => (
            "short runs in one order, tokens",
            (runs.identity * runs.tokens as f64).round() as usize,
            params.min_passage_tokens + params.shingle_len,
        ),
        _ => ("longest copied passage, tokens", longest.unwrap_or(0), params.min_passage_tokens),
    };
    vec![
        Rule {
            text: "the same tokens",
            found: if is(Verdict::Exact) { "yes".into() } else { "no".into() },
            needed: "yes".into(),
            is_reached: is(Verdict::Exact),
            decides: is(Verdict::Exact),
        },
        share("Jaccard", jaccard, params.min_jaccard, near && by_jaccard),
        share("coverage both ways", of_a.min(of_b), NEAR_COVERAGE, near && !by_jaccard),
        share("coverage of B by A", of_b, params.min_containment, is(Verdict::Contains)),
        share("coverage of A by B", of_a, params.min_containment, is(Verdict::ContainedIn)),
        share("coverage of the shorter", of_shorter, params.min_derived, is(Verdict::Derived)),
        Rule {
            text,
            found: units::thousands(tokens),
            needed: units::thousands(needed),
            is_reached: tokens >= needed,
            decides: is(Verdict::SharesPassage),
        },
    ]
}

fn write_rule(page: &mut Page<'_>, rule: &Rule) -> io::Result<()> {
    let palette = page.palette;
    let (style, outcome) = match (rule.is_reached, rule.decides) {
        (_, true) => (palette.good, "reached: decides"),
        (true, false) => (Style::new(), "reached"),
        (false, false) => (palette.dim, "not reached"),
    };
    let needed = format!("{} needed", rule.needed);
    if page.width < MIN_TABLE_WIDTH {
        page.line(&Line::indent(INDENT).plain(rule.text))?;
        let facts = [(palette.strong, rule.found.clone()), (palette.dim, needed), (style, outcome.into())];
        return page.facts(INDENT + 2, &facts);
    }
    let found_end = INDENT + RULE_COLUMNS + FOUND_COLUMNS;
    let needed_end = found_end + 2 + FOUND_COLUMNS + " needed".len();
    let line = Line::indent(INDENT)
        .plain(rule.text)
        .pad_to(found_end.saturating_sub(rule.found.len()))
        .with(palette.strong, &rule.found)
        .pad_to(needed_end.saturating_sub(needed.len()))
        .with(palette.dim, &needed)
        .plain("  ")
        .with(style, outcome);
    page.line(&line)
}

/// The raw shares, of which only the Jaccard similarity is a rule.
fn write_shares(page: &mut Page<'_>, pair: &Pair) -> io::Result<()> {
    let raw = [
        format!("{} of A's shingles are in B", units::percent_exact(pair.containment_of_a_in_b)),
        format!("{} of B's shingles are in A", units::percent_exact(pair.containment_of_b_in_a)),
    ];
    page.facts(INDENT, &raw.map(|fact| (page.palette.dim, fact)))
}

fn write_nothing(page: &mut Page<'_>, compared: &Compared<'_>) -> io::Result<()> {
    let params = &compared.report.params;
    page.heading("Verdict: none", "")?;
    let text = "Nothing that A and B share reaches a threshold.";
    page.hanging(&Line::indent(INDENT), &Line::new().plain(text), usize::MAX)?;
    let mut facts = Vec::new();
    for (name, document) in [("A", compared.a), ("B", compared.b)] {
        if document.too_short {
            facts.push(format!(
                "{name} has {}, fewer than the {} of a shingle: only identity was looked at",
                units::count(document.tokens, "token", "tokens"),
                params.shingle_len
            ));
        }
    }
    if facts.is_empty() {
        facts = what_is_missing(compared);
    }
    for fact in facts {
        let lead = Line::indent(INDENT).with(page.palette.dim, "- ");
        page.hanging(&lead, &Line::new().plain(&fact), usize::MAX)?;
    }
    Ok(())
}

/// What each rule asks for and does not find.
fn what_is_missing(compared: &Compared<'_>) -> Vec<String> {
    let params = &compared.report.params;
    let Some(shares) = compared.shares else {
        return vec!["the exact figures are not in the report".into()];
    };
    let (of_a, of_b) = (shares.coverage_of_a_by_b, shares.coverage_of_b_by_a);
    let of_shorter = if compared.a.tokens <= compared.b.tokens { of_a } else { of_b };
    let coverage =
        format!("coverage of A {}, of B {}", units::percent_exact(of_a), units::percent_exact(of_b));
    let coverage = if of_shorter < params.min_derived && of_a.max(of_b) < params.min_containment {
        format!("{coverage}; of the shorter below {}", units::percent_exact(params.min_derived))
    } else {
        format!(
            "{coverage}, but by {}; without a copied passage it takes {}",
            units::count(shares.shingles, "shared shingle", "shared shingles"),
            units::thousands(least_shingles(params))
        )
    };
    vec![
        "not the same tokens".into(),
        format!(
            "Jaccard {}, below {}",
            units::percent_exact(shares.jaccard),
            units::percent_exact(params.min_jaccard)
        ),
        coverage,
        format!("no copied passage of {} tokens or more", units::thousands(params.min_passage_tokens)),
    ]
}
