//! Clusters, in sections by the publisher their text comes from.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use anstyle::Style;

use super::{Scan, member};
use crate::render::line::Line;
use crate::render::page::Page;
use crate::render::{units, visible};
use crate::report::{Cluster, Member, Origin, Role};

/// Columns before a cluster's title, where its number stands.
const INDENT: usize = 4;

/// Lines that a title or one statement of evidence takes at most.
const MAX_LINES: usize = 3;

/// Where a cluster is filed. The order is that of sections with equally many
/// documents.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section<'a> {
    Source(&'a str),
    Outside(&'a str),
    Agency(&'a str),
    Undetermined,
}

impl<'a> Section<'a> {
    fn of(origin: &'a Origin) -> Self {
        match (&origin.source, &origin.agency) {
            (Some(name), _) | (None, Some(name)) if origin.outside => Self::Outside(name),
            (Some(source), _) => Self::Source(source),
            (None, Some(agency)) => Self::Agency(agency),
            (None, None) => Self::Undetermined,
        }
    }

    fn heading(self) -> String {
        match self {
            Self::Source(source) => format!("Origin: {source}"),
            Self::Outside(name) => format!("Origin: {name}, not in this collection"),
            Self::Agency(agency) => format!("Agency {agency}, origin undetermined"),
            Self::Undetermined => "Origin undetermined".into(),
        }
    }
}

pub(super) fn write_all(page: &mut Page<'_>, scan: &Scan<'_>) -> io::Result<()> {
    let mut clusters: Vec<&Cluster> = scan.lookup.report.clusters.iter().collect();
    clusters.sort_by(|a, b| {
        let rank = |cluster: &Cluster| (uncredited(scan, cluster), cluster.members.len());
        rank(b).cmp(&rank(a)).then_with(|| a.id.cmp(&b.id))
    });
    let left_out = clusters.len().saturating_sub(scan.limits.clusters);
    clusters.truncate(scan.limits.clusters);
    let mut number = 0;
    for (section, clusters) in sections(scan, &clusters) {
        let remark = format!(
            "{}, {}",
            units::count(clusters.len(), "cluster", "clusters"),
            units::count(documents_in(&clusters), "document", "documents")
        );
        page.heading(&section.heading(), &remark)?;
        for cluster in clusters {
            number += 1;
            page.blank()?;
            write(page, scan, cluster, number)?;
        }
    }
    if left_out > 0 {
        page.blank()?;
    }
    page.left_out(0, left_out, ["smaller cluster", "smaller clusters"])
}

/// Copies on the other side that do not credit the origin; where no two sides
/// are told apart, none.
fn uncredited(scan: &Scan<'_>, cluster: &Cluster) -> usize {
    if !scan.lookup.report.params.against {
        return 0;
    }
    let is_of_others = |id: &str| scan.lookup.document(id).is_some_and(|document| document.against);
    // Where the origin is not known, any credit may be to it.
    let has_credits =
        |id: &str| scan.lookup.document(id).is_some_and(|document| !document.credits.is_empty());
    let is_uncredited = |member: &&Member| {
        let is_credited = member.credited.unwrap_or_else(|| has_credits(&member.document));
        member.role != Role::Origin && !is_credited && is_of_others(&member.document)
    };
    cluster.members.iter().filter(is_uncredited).count()
}

fn sections<'a>(scan: &Scan<'_>, clusters: &[&'a Cluster]) -> Vec<(Section<'a>, Vec<&'a Cluster>)> {
    let mut sections: BTreeMap<Section<'a>, Vec<&'a Cluster>> = BTreeMap::new();
    for cluster in clusters {
        sections.entry(Section::of(&cluster.origin)).or_default().push(cluster);
    }
    let mut sections: Vec<_> = sections.into_iter().collect();
    // The sort is stable: equal counts stay in the order of the sections.
    sections.sort_by_key(|(section, clusters)| {
        let uncredited: usize = clusters.iter().map(|cluster| uncredited(scan, cluster)).sum();
        (Reverse(uncredited), *section == Section::Undetermined, Reverse(documents_in(clusters)))
    });
    sections
}

fn documents_in(clusters: &[&Cluster]) -> usize {
    clusters.iter().map(|cluster| cluster.members.len()).sum()
}

fn write(page: &mut Page<'_>, scan: &Scan<'_>, cluster: &Cluster, number: usize) -> io::Result<()> {
    let number = Line::new().with(page.palette.dim, &format!("{number:>2}  "));
    let title = Line::new().with(page.palette.strong, &title(page, scan, cluster));
    page.hanging(&number, &title, MAX_LINES)?;
    page.facts(INDENT, &size(page, scan, cluster))?;
    write_origin(page, scan, cluster)?;
    member::write_all(page, scan, cluster)
}

/// The title of the representative, else how its text begins, else its id.
fn title(page: &Page<'_>, scan: &Scan<'_>, cluster: &Cluster) -> String {
    let id = &cluster.representative;
    let title = scan.lookup.document(id).and_then(|document| document.title.as_deref());
    let title = title.map(visible::prose).filter(|title| !title.is_empty());
    let beginning = || {
        let text = scan.texts.text(id)?;
        let (beginning, is_whole) = visible::prose_prefix(&text, page.width - INDENT - 1);
        let end = if is_whole { "" } else { visible::ELLIPSIS };
        (!beginning.is_empty()).then(|| format!("{beginning}{end}"))
    };
    title.or_else(beginning).unwrap_or_else(|| id.clone())
}

fn size(page: &Page<'_>, scan: &Scan<'_>, cluster: &Cluster) -> Vec<(Style, String)> {
    let sources: BTreeSet<&str> = cluster.members.iter().map(|member| member.source.as_str()).collect();
    let mut facts = vec![
        format!(
            "{} from {}",
            units::count(cluster.members.len(), "document", "documents"),
            units::count(sources.len(), "source", "sources")
        ),
        format!("cohesion {}", units::percent(cluster.cohesion)),
    ];
    let uncredited = uncredited(scan, cluster);
    if uncredited > 0 {
        facts.push(format!(
            "{} on the other side",
            units::count(uncredited, "uncredited copy", "uncredited copies")
        ));
    }
    if cluster.independent_origins > 1 {
        // Where nobody is known to be first, all but known copies may have come by it on their own.
        let bound = if cluster.origin.document.is_none() { "at most " } else { "" };
        facts.push(format!("{bound}{} independent origins", units::thousands(cluster.independent_origins)));
    }
    if cluster.origin.document.as_ref() != Some(&cluster.representative) {
        let id = visible::short_label(&cluster.representative, page.width / 2);
        facts.push(format!("most typical: {id}"));
    }
    if !cluster.pairs_complete {
        facts.push("each member verified against an anchor, not against all".into());
    }
    facts.into_iter().map(|fact| (Style::new(), fact)).collect()
}

fn write_origin(page: &mut Page<'_>, scan: &Scan<'_>, cluster: &Cluster) -> io::Result<()> {
    let origin = &cluster.origin;
    let palette = page.palette;
    let confidence = || (Style::new(), format!("confidence {}", units::percent(origin.confidence)));
    let mut facts = Vec::new();
    match (&origin.document, &origin.source) {
        (Some(document), _) => {
            let id = visible::short_label(document, page.width / 2);
            facts.push((palette.good, format!("origin: {id}")));
        }
        (None, Some(source)) => {
            let source = visible::short_label(source, page.width / 2);
            facts.push((palette.good, format!("origin: {source}, not in this collection")));
        }
        (None, None) if origin.outside => facts.push((palette.good, "origin not in this collection".into())),
        (None, None) => facts.push((palette.bad, "origin undetermined".into())),
    }
    if let Some(agency) = &origin.agency {
        facts.push((palette.source, format!("agency {}", visible::short_label(agency, page.width / 2))));
    }
    if origin.confidence > 0.0 {
        facts.push(confidence());
    }
    page.facts(INDENT, &facts)?;
    write_evidence(page, scan, INDENT, &origin.evidence)
}

/// Writes statements of evidence, one under the other.
pub(super) fn write_evidence(
    page: &mut Page<'_>,
    scan: &Scan<'_>,
    indent: usize,
    evidence: &[String],
) -> io::Result<()> {
    let shown = evidence.len().min(scan.limits.evidence);
    for statement in &evidence[..shown] {
        let lead = Line::indent(indent).with(page.palette.dim, "- ");
        page.hanging(&lead, &Line::new().plain(&visible::prose(statement)), MAX_LINES)?;
    }
    page.left_out(indent, evidence.len() - shown, ["more piece of evidence", "more pieces of evidence"])
}
