//! The derivation graph in the language of Graphviz.
//!
//! A cluster is a box, a document a node with its publisher, time and title,
//! an edge goes from parent to member. Texts of the input stand in quoted
//! strings only: quotes and backslashes are escaped, ampersands are written as
//! entities (Graphviz decodes those), and control characters become U+FFFD.

use std::io::{self, Write};

use super::graph::{Edge, Graph, Node, UNWRITABLE};
use super::{Render, Texts, units};
use crate::report::{Cluster, Report};

/// Characters of a title or a name that a label shows: a node stays readable.
const MAX_LABEL: usize = 60;

/// One directed graph with a box for each cluster.
#[derive(Clone, Copy, Debug, Default)]
pub struct DotRender;

impl Render for DotRender {
    fn render(&self, report: &Report, _texts: &dyn Texts, out: &mut dyn Write) -> io::Result<()> {
        let mut out = io::BufWriter::new(out);
        let mut graph = Graph::new(report);
        out.write_all(b"digraph derivation {\n  rankdir=LR;\n  node [shape=box];\n")?;
        graph.nodes.sort_by_key(|node| (node.cluster_number, node.number));
        for nodes in graph.nodes.chunk_by(|a, b| a.cluster_number == b.cluster_number) {
            write_cluster(nodes, &mut out)?;
        }
        graph.edges.iter().try_for_each(|edge| write_edge(edge, &mut out))?;
        out.write_all(b"}\n")?;
        out.flush()
    }
}

fn write_cluster(nodes: &[Node<'_>], out: &mut impl Write) -> io::Result<()> {
    let (number, cluster) = (nodes[0].cluster_number, nodes[0].cluster);
    writeln!(out, "  subgraph cluster_{number} {{\n    label=\"{}\";", label(&[&of_cluster(cluster)]))?;
    for node in nodes {
        let title = node.document.title.as_deref().unwrap_or(&node.document.id);
        let published = units::when(node.document);
        let role = node.member.role.name();
        let lines = [&node.document.source, published.as_deref().unwrap_or("no time"), title, role];
        let style = if node.member.primary { "" } else { ", style=dashed" };
        writeln!(out, "    n{} [label=\"{}\"{style}];", node.number, label(&lines))?;
    }
    out.write_all(b"  }\n")
}

fn of_cluster(cluster: &Cluster) -> String {
    match (&cluster.origin.source, &cluster.origin.agency) {
        (_, Some(agency)) => format!("{} ({agency})", cluster.id),
        (Some(source), None) => format!("{} ({source})", cluster.id),
        (None, None) => cluster.id.clone(),
    }
}

fn write_edge(edge: &Edge<'_>, out: &mut impl Write) -> io::Result<()> {
    let copied = units::percent(edge.member.share_copied);
    let credited = match edge.member.credited {
        Some(true) => Some("credited"),
        Some(false) => Some("uncredited"),
        None => None,
    };
    let sure = edge.confidence.map(|confidence| format!("confidence {}", units::percent(confidence)));
    let lines: Vec<&str> = [Some(copied.as_str()), credited, sure.as_deref()].into_iter().flatten().collect();
    let style = if edge.member.credited == Some(false) { ", color=red" } else { "" };
    writeln!(out, "  n{} -> n{} [label=\"{}\"{style}];", edge.from, edge.to, label(&lines))
}

/// Lines of a label between quotes.
fn label(lines: &[&str]) -> String {
    let mut written = String::new();
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            written.push_str("\\n");
        }
        let is_cut = line.chars().nth(MAX_LABEL).is_some();
        for character in line.chars().take(if is_cut { MAX_LABEL - 1 } else { MAX_LABEL }) {
            match character {
                '"' => written.push_str("\\\""),
                '\\' => written.push_str("\\\\"),
                '&' => written.push_str("&amp;"),
                '\t' | '\n' | '\r' => written.push(' '),
                _ if character.is_control() => written.push(UNWRITABLE),
                _ => written.push(character),
            }
        }
        if is_cut {
            written.push('…');
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{NoTexts, sample};

    #[test]
    fn a_label_cannot_end_its_string_or_mean_anything_else() {
        let long = "x".repeat(MAX_LABEL + 1);
        let cut = format!("{}…", "x".repeat(MAX_LABEL - 1));
        let cases = [
            ("say \"hi\"]; evil", "say \\\"hi\\\"]; evil"),
            ("ends with \\", "ends with \\\\"),
            ("\\N \\G", "\\\\N \\\\G"),
            ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
            ("a\0b\u{1b}c\nd", "a\u{FFFD}b\u{FFFD}c d"),
            (long.as_str(), cut.as_str()),
        ];
        for (text, expected) in cases {
            assert_eq!(label(&[text]), expected);
        }
        assert_eq!(label(&["one", "two"]), "one\\ntwo");
    }

    #[test]
    fn every_node_of_an_edge_stands_in_one_box() {
        let mut out = Vec::new();
        DotRender.render(&sample::report(), &NoTexts, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let of = |line: &str| line.trim_start().split(' ').next().unwrap().to_owned();
        let mut nodes: Vec<String> = text.lines().filter(|line| line.starts_with("    n")).map(of).collect();
        let count = nodes.len();
        nodes.sort();
        nodes.dedup();
        assert_eq!(nodes.len(), count);
        let mut edges = 0;
        for line in text.lines().filter(|line| line.contains(" -> ")) {
            let (from, to) = line.trim_start().split_once(" -> ").unwrap();
            for node in [from, to.split(' ').next().unwrap()] {
                assert!(nodes.iter().any(|other| other == node), "{line}");
            }
            edges += 1;
        }
        assert!(edges > 0);
    }
}
