//! One item of XML as a small tree.
//!
//! Entities that a document declares are not expanded, so that none can grow;
//! those of XML and HTML are. Names keep their prefixes: feeds use the usual
//! ones.

use quick_xml::Reader;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesStart, Event};

use crate::read::html;

/// Elements within each other past which an item is refused.
const MAX_DEPTH: usize = 256;

/// Elements of NITF, beside those of HTML, that begin and end a paragraph, and
/// one of HTML as SGML has it.
const BLOCKS: [&str; 5] = ["hl1", "hl2", "block", "bq", "P"];

/// An element.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    content: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Node(Node),
}

impl Node {
    /// The element that `xml` holds, which may not be closed if `is_cut`. The
    /// error says what is wrong and at which byte.
    pub(crate) fn parse(xml: &str, is_cut: bool) -> Result<Self, String> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().allow_dangling_amp = true;
        let mut stack = vec![Self::default()];
        loop {
            let broken = |error: &dyn std::fmt::Display, at: u64| {
                format!("broken XML at byte {at} of the item: {error}")
            };
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(_) if is_cut => break,
                Err(error) => return Err(broken(&error, reader.error_position())),
            };
            match event {
                Event::Start(tag) => {
                    if stack.len() > MAX_DEPTH {
                        return Err(broken(
                            &format!("more than {MAX_DEPTH} elements in each other"),
                            reader.buffer_position(),
                        ));
                    }
                    stack.push(Self::of_tag(&tag));
                }
                Event::Empty(tag) => close(&mut stack, Self::of_tag(&tag)),
                Event::End(_) => {
                    if let Some(node) = stack.pop() {
                        close(&mut stack, node);
                    }
                }
                Event::Text(text) => push_text(&mut stack, &text),
                Event::CData(text) => push_text(&mut stack, &text),
                Event::GeneralRef(entity) => push_text(&mut stack, &resolved(&entity)),
                Event::Eof => break,
                _ => {}
            }
        }
        while stack.len() > 1 {
            if let Some(node) = stack.pop() {
                close(&mut stack, node);
            }
        }
        let root = stack.pop().unwrap_or_default();
        let first = root.content.into_iter().find_map(|piece| match piece {
            Piece::Node(node) => Some(node),
            Piece::Text(_) => None,
        });
        first.ok_or_else(|| "broken XML: no element".to_owned())
    }

    fn of_tag(tag: &BytesStart<'_>) -> Self {
        let mut attributes = Vec::new();
        for attribute in tag.attributes().with_checks(false).flatten() {
            let value = html::text::resolved(&attribute.value).into_owned();
            attributes.push((attribute.key.as_ref().to_owned(), value));
        }
        Self { name: tag.name().as_ref().to_owned(), attributes, content: Vec::new() }
    }

    /// Its name without a prefix.
    pub(crate) fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or_default()
    }

    /// An attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The elements right inside it.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Self> {
        self.content.iter().filter_map(|piece| match piece {
            Piece::Node(node) => Some(node),
            Piece::Text(_) => None,
        })
    }

    /// All elements inside it with this local name, in their order.
    pub(crate) fn all<'a>(&'a self, local: &'a str) -> Vec<&'a Self> {
        let mut found = Vec::new();
        let mut waiting: Vec<&Self> = self.children().collect();
        waiting.reverse();
        while let Some(node) = waiting.pop() {
            if node.local() == local {
                found.push(node);
            }
            let mut children: Vec<&Self> = node.children().collect();
            children.reverse();
            waiting.extend(children);
        }
        found
    }

    /// The first of them.
    pub(crate) fn first<'a>(&'a self, local: &'a str) -> Option<&'a Self> {
        self.all(local).into_iter().next()
    }

    /// Its text as it is.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        self.push(&mut out, false);
        out
    }

    /// Its text in paragraphs, white space inside them joined.
    pub(crate) fn paragraphs(&self) -> String {
        let mut out = String::new();
        self.push(&mut out, true);
        let paragraphs = out.split('\u{b}').map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        paragraphs.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    /// Depth is bounded by [`MAX_DEPTH`], so this may recurse.
    fn push(&self, out: &mut String, in_paragraphs: bool) {
        let is_block =
            in_paragraphs && (html::text::is_block(self.local()) || BLOCKS.contains(&self.local()));
        // A vertical tab, which XML does not allow, stands for the border.
        let border = |out: &mut String| out.extend(is_block.then_some('\u{b}'));
        border(out);
        if in_paragraphs && self.local() == "br" {
            out.push('\n');
        }
        for piece in &self.content {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Node(node) => node.push(out, in_paragraphs),
            }
        }
        border(out);
    }
}

fn close(stack: &mut [Node], node: Node) {
    if let Some(parent) = stack.last_mut() {
        parent.content.push(Piece::Node(node));
    }
}

fn push_text(stack: &mut [Node], text: &str) {
    let Some(node) = stack.last_mut() else { return };
    match node.content.last_mut() {
        Some(Piece::Text(before)) => before.push_str(text),
        _ => node.content.push(Piece::Text(text.to_owned())),
    }
}

fn resolved(entity: &quick_xml::events::BytesRef<'_>) -> String {
    match entity.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        _ => match resolve_html5_entity(entity) {
            Some(text) => text.to_owned(),
            None => format!("&{};", &**entity),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_become_trees() {
        let xml = "<r:item a='x &amp; y'>One &lt;b> &eacute;&#233;&nosuch; &<![CDATA[<p>]]><c/><p>Two\n three</p><p>four</p></r:item>";
        let node = Node::parse(xml, false).unwrap();
        assert_eq!((node.local(), node.attribute("a")), ("item", Some("x & y")));
        assert_eq!(node.text(), "One <b> éé&nosuch; &<p>Two\n threefour");
        assert_eq!(node.paragraphs(), "One <b> éé&nosuch; &<p>\n\nTwo three\n\nfour");
        assert_eq!(node.children().count(), 3);
    }

    #[test]
    fn what_is_broken_is_named_and_what_is_cut_is_kept() {
        let error = Node::parse("<item><a>x</b></item>", false).unwrap_err();
        assert!(error.starts_with("broken XML at byte"), "{error}");
        assert_eq!(Node::parse("<item><a>x</a><b>y", true).unwrap().text(), "xy");
        let deep = "<a>".repeat(100_000);
        assert!(Node::parse(&deep, false).unwrap_err().contains("more than 256 elements"));
        assert!(Node::parse("", false).is_err());
    }
}
