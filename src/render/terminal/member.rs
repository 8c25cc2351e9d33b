//! The members of a cluster, under their publishers.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io;

use anstyle::Style;

use super::{Scan, passages};
use crate::render::line::Line;
use crate::render::page::Page;
use crate::render::{units, visible};
use crate::report::{Cluster, Member, Role};

/// Columns before a publisher, a member, and what is said of a member.
const SOURCE_INDENT: usize = 4;
const MEMBER_INDENT: usize = 6;
const DETAIL_INDENT: usize = 8;

/// Between two columns.
const GUTTER: usize = 2;

/// Width of the page from which members are rows of a table.
const MIN_TABLE_WIDTH: usize = 64;

/// Widest column of ids.
const MAX_ID: usize = 40;

/// Stands in a cell where there is nothing to say.
const NOTHING: &str = "–";

/// Credits of one document that are quoted.
const MAX_CREDITS: usize = 3;

/// Stands behind a publisher whose documents are those of `--against`.
const OTHER_SIDE: &str = " (other side)";

pub(super) fn write_all(page: &mut Page<'_>, scan: &Scan<'_>, cluster: &Cluster) -> io::Result<()> {
    let members = shown(scan, cluster);
    let rows: Vec<Row<'_>> = members.iter().map(|member| Row::new(page, scan, cluster, member)).collect();
    let columns = Columns::fit(page, &rows);
    columns.write_heading(page)?;
    let mut source = None;
    for row in &rows {
        let is_other = scan.lookup.document(&row.member.document).is_some_and(|document| document.against);
        if source != Some((row.member.source.as_str(), is_other)) {
            source = Some((&row.member.source, is_other));
            let remark = if is_other { OTHER_SIDE } else { "" };
            let name = visible::short_label(&row.member.source, page.width - SOURCE_INDENT - remark.len());
            page.line(&Line::indent(SOURCE_INDENT).with(page.palette.source, &name).plain(remark))?;
        }
        columns.write_row(page, row)?;
        write_passages(page, scan, cluster, row.member)?;
    }
    let left_out = cluster.members.len() - members.len();
    page.left_out(SOURCE_INDENT, left_out, ["more document", "more documents"])
}

/// The members to show, the publisher of the origin first, the others by
/// when they first published (those without a time last), then by name.
fn shown<'a>(scan: &Scan<'_>, cluster: &'a Cluster) -> Vec<&'a Member> {
    let time = |member: &Member| {
        let published = scan.lookup.document(&member.document).and_then(|document| document.published);
        published.map_or(i64::MAX, |published| published.interval().0)
    };
    let is_origin = |member: &Member| cluster.origin.document.as_ref() == Some(&member.document);
    let is_key = |member: &Member| is_origin(member) || member.document == cluster.representative;
    let mut members: Vec<(i64, &Member)> = cluster.members.iter().map(|m| (time(m), m)).collect();
    members.sort_by_key(|(time, member)| {
        (Reverse(is_origin(member)), Reverse(is_key(member)), *time, member.document.as_str())
    });
    members.truncate(scan.limits.members.max(1));
    let first_of = |source: &str| {
        let of_source = members.iter().filter(|(_, member)| member.source == source);
        of_source.map(|(time, _)| *time).min().unwrap_or(i64::MAX)
    };
    let origin_source = members.first().filter(|(_, m)| is_origin(m)).map(|(_, m)| m.source.as_str());
    let mut ordered: Vec<_> = members
        .iter()
        .map(|(time, member)| {
            let is_origin_source = origin_source == Some(member.source.as_str());
            let place = (Reverse(is_origin_source), first_of(&member.source), member.source.as_str());
            (place, Reverse(is_origin(member)), *time, member.document.as_str(), *member)
        })
        .collect();
    ordered.sort_by(|a, b| (a.0, a.1, a.2, a.3).cmp(&(b.0, b.1, b.2, b.3)));
    ordered.into_iter().map(|(.., member)| member).collect()
}

/// One member in words.
struct Row<'a> {
    member: &'a Member,
    id: String,
    role: String,
    share: String,
    published: String,
    credit: (Style, String),
}

impl<'a> Row<'a> {
    fn new(page: &Page<'_>, scan: &Scan<'_>, cluster: &Cluster, member: &'a Member) -> Self {
        let document = scan.lookup.document(&member.document);
        let is_start = member.role == Role::Origin
            || (member.parent.is_none() && member.document == cluster.representative);
        Self {
            member,
            id: visible::label(&member.document).into_owned(),
            role: member.role.name().replace('_', " "),
            share: if is_start { NOTHING.into() } else { units::percent(member.share_copied) },
            published: document.and_then(units::when).unwrap_or_else(|| "no time".into()),
            credit: credit(page, scan, member),
        }
    }
}

/// The credits of a member as written, and whether they do the origin
/// justice.
fn credit(page: &Page<'_>, scan: &Scan<'_>, member: &Member) -> (Style, String) {
    let credits = scan.lookup.document(&member.document).map_or(&[][..], |document| &document.credits);
    let written: BTreeSet<String> = credits.iter().map(|credit| visible::prose(&credit.text)).collect();
    let mut quoted: Vec<String> = written.iter().take(MAX_CREDITS).map(|text| format!("“{text}”")).collect();
    if written.len() > MAX_CREDITS {
        quoted.push(format!("{} more", written.len() - MAX_CREDITS));
    }
    let quoted = quoted.join(", ");
    match (member.credited, quoted.is_empty(), member.role) {
        (None, true, _) | (_, true, Role::Origin) => (page.palette.dim, NOTHING.into()),
        (Some(_), true, _) => (page.palette.bad, "no credit".into()),
        (Some(false), false, _) => (page.palette.bad, format!("credits {quoted}, not the origin")),
        (Some(true), false, _) => (page.palette.good, format!("credits {quoted}")),
        (None, false, _) => (Style::new(), format!("credits {quoted}")),
    }
}

/// Where the columns of a cluster's table stand; on a narrow page there is
/// no table.
struct Columns {
    is_table: bool,
    id: usize,
    role: usize,
    published: usize,
    /// Whether credits stand in the table rather than on lines of their own.
    has_credit: bool,
}

const HEADINGS: [&str; 5] = ["document", "role", "copied", "published", "credit"];

impl Columns {
    fn fit(page: &Page<'_>, rows: &[Row<'_>]) -> Self {
        let widest = |heading: &str, texts: &dyn Fn(&Row<'_>) -> usize| {
            rows.iter().map(texts).max().unwrap_or(0).max(visible::width(heading))
        };
        let role = widest(HEADINGS[1], &|row| visible::width(&row.role));
        let published = widest(HEADINGS[3], &|row| visible::width(&row.published));
        let credit = widest(HEADINGS[4], &|row| visible::width(&row.credit.1));
        let fixed = MEMBER_INDENT + role + HEADINGS[2].len() + published + 3 * GUTTER;
        let room = page.width.saturating_sub(fixed);
        let id = widest(HEADINGS[0], &|row| visible::width(&row.id)).min(MAX_ID).min(room);
        let has_credit = id + GUTTER + credit <= room;
        Self { is_table: page.width >= MIN_TABLE_WIDTH, id, role, published, has_credit }
    }

    fn write_heading(&self, page: &mut Page<'_>) -> io::Result<()> {
        if !self.is_table {
            return Ok(());
        }
        let credit = if self.has_credit { HEADINGS[4] } else { "" };
        let dim = page.palette.dim;
        let cells = [HEADINGS[0], HEADINGS[1], HEADINGS[2], HEADINGS[3], credit].map(|text| (dim, text));
        let line = self.line(cells);
        page.line(&line)
    }

    fn line(&self, [id, role, share, published, credit]: [(Style, &str); 5]) -> Line {
        let role_at = MEMBER_INDENT + self.id + GUTTER;
        let share_end = role_at + self.role + GUTTER + HEADINGS[2].len();
        let published_at = share_end + GUTTER;
        Line::indent(MEMBER_INDENT)
            .with(id.0, id.1)
            .pad_to(role_at)
            .with(role.0, role.1)
            .pad_to(share_end - visible::width(share.1))
            .with(share.0, share.1)
            .pad_to(published_at)
            .with(published.0, published.1)
            .pad_to(published_at + self.published + GUTTER)
            .with(credit.0, credit.1)
    }

    fn write_row(&self, page: &mut Page<'_>, row: &Row<'_>) -> io::Result<()> {
        let strong = page.palette.strong;
        let plain = Style::new();
        let credit = (row.credit.0, row.credit.1.as_str());
        if self.is_table {
            let id = visible::short_label(&row.id, self.id);
            let in_table = if self.has_credit { credit } else { (plain, "") };
            let cells =
                [(strong, &*id), (plain, &row.role), (plain, &row.share), (plain, &row.published), in_table];
            page.line(&self.line(cells))?;
            if self.has_credit {
                return Ok(());
            }
            if credit.1 == NOTHING {
                return Ok(());
            }
            let text = Line::new().with(credit.0, credit.1);
            return page.hanging(&Line::indent(DETAIL_INDENT), &text, 2);
        }
        let id = visible::short_label(&row.id, page.width - MEMBER_INDENT);
        page.line(&Line::indent(MEMBER_INDENT).with(strong, &id))?;
        let share = if row.share == NOTHING { None } else { Some((plain, format!("{} copied", row.share))) };
        let mut facts = vec![(plain, row.role.clone())];
        facts.extend(share);
        facts.push((plain, row.published.clone()));
        if credit.1 != NOTHING {
            facts.push((credit.0, credit.1.to_owned()));
        }
        page.facts(DETAIL_INDENT, &facts)
    }
}

/// Writes what the member shares with its parent, or with the representative
/// where no parent is known.
fn write_passages(
    page: &mut Page<'_>,
    scan: &Scan<'_>,
    cluster: &Cluster,
    member: &Member,
) -> io::Result<()> {
    let other = member.parent.as_deref().unwrap_or(&cluster.representative);
    if other == member.document {
        return Ok(());
    }
    let name = visible::short_label(other, page.width / 2);
    if scan.lookup.are_exact(&member.document, other) {
        return page.aside(DETAIL_INDENT, &format!("the same words as {name} throughout"));
    }
    match scan.lookup.pair(&member.document, other) {
        None => page.aside(DETAIL_INDENT, &format!("not compared with {name} itself")),
        Some(seen) => {
            // Ranges of a pair count in the text of the one that stands for
            // all with these words, which may be spaced in another way.
            let twin = if seen.is_b { &seen.pair.b } else { &seen.pair.a };
            if *twin != member.document {
                let twin = visible::short_label(twin, page.width / 2);
                page.aside(DETAIL_INDENT, &format!("as in {twin}, which has the same words:"))?;
            }
            passages::write_of_pair(page, scan, DETAIL_INDENT, seen)
        }
    }
}
