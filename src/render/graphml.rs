//! The derivation graph as GraphML, for networkx, Gephi, yEd and others.
//!
//! Characters that XML 1.0 cannot hold (most control characters, U+FFFE and
//! U+FFFF) become U+FFFD; all others read back as they were.

use std::io::{self, Write};

use super::graph::{Edge, Graph, Node, UNWRITABLE};
use super::{Render, Texts};
use crate::report::Report;

/// GraphML 1.0, one directed graph. Nodes have `document`, `source`, `title`,
/// `published`, `dated_by`, `role`, `cluster` and `primary`; edges, from parent to member,
/// `cluster`, `role`, `share_copied`, `credited` and `confidence`. What is not
/// known is left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct GraphmlRender;

/// Keys of nodes with their types, in the order in which they are written.
const NODE_KEYS: [(&str, &str); 8] = [
    ("document", "string"),
    ("source", "string"),
    ("title", "string"),
    ("published", "string"),
    ("dated_by", "string"),
    ("role", "string"),
    ("cluster", "string"),
    ("primary", "boolean"),
];

/// The same of edges.
const EDGE_KEYS: [(&str, &str); 5] = [
    ("cluster", "string"),
    ("role", "string"),
    ("share_copied", "double"),
    ("credited", "boolean"),
    ("confidence", "double"),
];

impl Render for GraphmlRender {
    fn render(&self, report: &Report, _texts: &dyn Texts, out: &mut dyn Write) -> io::Result<()> {
        let mut out = io::BufWriter::new(out);
        let graph = Graph::new(report);
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        out.write_all(b"<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n")?;
        for (of, prefix, keys) in [("node", 'n', NODE_KEYS.as_slice()), ("edge", 'e', &EDGE_KEYS)] {
            for (name, kind) in keys {
                writeln!(
                    out,
                    "  <key id=\"{prefix}_{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>"
                )?;
            }
        }
        out.write_all(b"  <graph id=\"derivation\" edgedefault=\"directed\">\n")?;
        graph.nodes.iter().try_for_each(|node| write_node(node, &mut out))?;
        (graph.edges.iter().enumerate()).try_for_each(|(number, edge)| write_edge(number, edge, &mut out))?;
        out.write_all(b"  </graph>\n</graphml>\n")?;
        out.flush()
    }
}

fn write_node(node: &Node<'_>, out: &mut impl Write) -> io::Result<()> {
    let values = [
        Some(node.document.id.clone()),
        Some(node.document.source.clone()),
        node.document.title.clone(),
        node.document.published.map(|published| published.to_string()),
        node.document.dated_by.map(|by| by.name().to_owned()),
        Some(node.member.role.name().to_owned()),
        Some(node.cluster.id.clone()),
        Some(node.member.primary.to_string()),
    ];
    writeln!(out, "    <node id=\"n{}\">", node.number)?;
    for ((name, _), value) in NODE_KEYS.iter().zip(values) {
        write_data(&format!("n_{name}"), value.as_deref(), out)?;
    }
    out.write_all(b"    </node>\n")
}

fn write_edge(number: usize, edge: &Edge<'_>, out: &mut impl Write) -> io::Result<()> {
    let values = [
        Some(edge.cluster.id.clone()),
        Some(edge.member.role.name().to_owned()),
        Some(format!("{:?}", edge.member.share_copied)),
        edge.member.credited.map(|credited| credited.to_string()),
        edge.confidence.map(|confidence| format!("{confidence:?}")),
    ];
    writeln!(out, "    <edge id=\"e{number}\" source=\"n{}\" target=\"n{}\">", edge.from, edge.to)?;
    for ((name, _), value) in EDGE_KEYS.iter().zip(values) {
        write_data(&format!("e_{name}"), value.as_deref(), out)?;
    }
    out.write_all(b"    </edge>\n")
}

fn write_data(key: &str, value: Option<&str>, out: &mut impl Write) -> io::Result<()> {
    match value {
        Some(value) => writeln!(out, "      <data key=\"{key}\">{}</data>", escaped(value)),
        None => Ok(()),
    }
}

/// Text between tags. A reader makes a line feed of a carriage return, and may
/// trim white space that stands bare at the ends.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            // `]]>` must not stand in a text.
            '>' => written.push_str("&gt;"),
            '\t' | '\n' | '\r' => written.push_str(&format!("&#{};", u32::from(character))),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => written.push(UNWRITABLE),
            _ => written.push(character),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;
    use crate::render::{NoTexts, sample};

    fn written(report: &Report) -> String {
        let mut out = Vec::new();
        GraphmlRender.render(report, &NoTexts, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_xml_cannot_hold_is_replaced_and_the_rest_escaped() {
        let cases = [
            ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
            ("]]><script>", "]]&gt;&lt;script&gt;"),
            ("\u{0}\u{1b}[31m\u{FFFF}", "\u{FFFD}\u{FFFD}[31m\u{FFFD}"),
            ("one\r\ntwo\t", "one&#13;&#10;two&#9;"),
            ("\u{202E}\u{10FFFF}é", "\u{202E}\u{10FFFF}é"),
        ];
        for (text, expected) in cases {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn the_graph_is_well_formed_and_has_every_member_and_parent() {
        let report = sample::report();
        let text = written(&report);
        let mut reader = Reader::from_str(&text);
        let (mut nodes, mut edges) = (0, 0);
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) if tag.name().as_ref() == "node" => nodes += 1,
                Event::Start(tag) if tag.name().as_ref() == "edge" => edges += 1,
                Event::Eof => break,
                _ => {}
            }
        }
        let members = || report.clusters.iter().flat_map(|cluster| &cluster.members);
        let mut documents: Vec<&str> = members().map(|member| member.document.as_str()).collect();
        documents.sort_unstable();
        documents.dedup();
        assert_eq!(nodes, documents.len());
        assert_eq!(edges, members().filter(|member| member.parent.is_some()).count());
        assert!(edges > 0);
    }
}
