//! XML that holds documents: feeds (RSS, RDF, Atom) and what agencies deliver
//! (NewsML-G2, NITF), and collections of what they delivered.
//!
//! Read with `quick-xml` and not with a crate for feeds: those hold the whole
//! feed, lose all of it for one broken item, and drop `dc:source` and the
//! name of an item's source.

use super::items::{Item, Items};
use super::tree::Node;
use super::{feed, news, wiki, wire_archive};
use crate::document::SpanBase;
use crate::read::Note;
use crate::read::adapter::{Adapter, Batch, Content, Context, too_large, unreadable};
use crate::read::collector::{Collector, Parsed};
use crate::read::encoding;
use crate::read::encoding::declared;
use crate::read::fields::{Field, Wanted};
use crate::read::record::{Finished, Record};
use crate::read::source::Publishers;

/// What an XML file holds; each is an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Xml {
    Feed,
    News,
    Archive,
    Wiki,
}

/// What the file that begins with `text` holds, by its first element.
pub(crate) fn kind(text: &[u8]) -> Option<Xml> {
    let mut rest = text;
    loop {
        let start = memchr::memchr(b'<', rest)?;
        // Nothing but white space stands before the first element.
        if !rest[..start].trim_ascii().is_empty() {
            return None;
        }
        rest = &rest[start + 1..];
        let closing: &[u8] = match rest.first()? {
            b'?' => b"?>",
            b'!' if rest.starts_with(b"!--") => b"-->",
            b'!' if memchr::memchr(b'[', rest) < memchr::memchr(b'>', rest) && rest.contains(&b'[') => b"]>",
            b'!' => b">",
            _ => break,
        };
        rest = &rest[memchr::memmem::find(rest, closing)? + closing.len()..];
    }
    let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || b"/>".contains(byte))?;
    let name = &rest[..end];
    let local = memchr::memrchr(b':', name).map_or(name, |colon| &name[colon + 1..]);
    match local {
        b"rss" | b"RDF" | b"feed" | b"channel" => Some(Xml::Feed),
        b"newsMessage" | b"newsItem" | b"NewsML" | b"nitf" | b"packageItem" => Some(Xml::News),
        b"mediawiki" => Some(Xml::Wiki),
        _ if wire_archive::begins(local, rest) => Some(Xml::Archive),
        _ => None,
    }
}

impl Adapter for Xml {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let path = content.path;
        let limit = context.max_document_bytes;
        let (head, rest) = content.into_utf8()?;
        let encoding = declared::in_page(&head);
        let names: &[&str] = match self {
            Self::Feed => &["item", "entry"],
            Self::News => &["newsItem", "nitf"],
            Self::Archive => &wire_archive::NAMES,
            Self::Wiki => &wiki::NAMES,
        };
        let mut items = Items::new(head, rest, names, limit);
        let mut collector = Collector::new(path);
        let mut publishers = Publishers::default();
        let mut about: Option<Node> = None;
        let mut passed = 0_u64;
        let result = loop {
            let item = match items.next() {
                Ok(Some(item)) => item,
                Ok(None) => break Ok(()),
                Err(error) => {
                    break Err(format!("{} after item {}", unreadable(&error), collector.records()));
                }
            };
            let about = about.get_or_insert_with(|| {
                let header = String::from_utf8_lossy(items.header()).into_owned();
                Node::parse(&header, true).unwrap_or_default()
            });
            let line = Some(item.line);
            let result = match self.document(item, about, encoding, limit) {
                Ok(None) => {
                    passed += 1;
                    continue;
                }
                Ok(Some(record)) => finished(record, &mut publishers),
                Err(reason) => Err(reason),
            };
            collector.take(Parsed { line, result }, batch);
            if batch.documents.len() > 1000 {
                batch.flush();
            }
        };
        collector.finish(batch);
        if passed > 0 {
            let text =
                format!("redirects, templates, categories, files and code: {passed}, which are no texts");
            batch.notes.push(Note { path: path.to_owned(), line: None, text });
        }
        result
    }
}

fn finished(record: Record, publishers: &mut Publishers) -> Result<Finished, String> {
    let mut finished = record.finish(publishers).map_err(|_| "an item without a text".to_owned())?;
    finished.document.span_base = SpanBase::Extracted;
    Ok(finished)
}

impl Xml {
    /// What `item` says; nothing if it is of a kind that is no text.
    fn document(
        self,
        item: Item,
        about: &Node,
        encoding: Option<&'static encoding_rs::Encoding>,
        limit: u64,
    ) -> Result<Option<Record>, String> {
        if item.bytes.is_empty() {
            return Err(too_large(Some(item.len), limit));
        }
        let text = match String::from_utf8(item.bytes) {
            Ok(text) => text,
            Err(error) => match encoding {
                Some(_) => declared::decode(error.into_bytes(), encoding)?.text,
                None => encoding::decode(error.into_bytes())?.text,
            },
        };
        let node = Node::parse(&text, false).map_err(|reason| match item.is_whole {
            true => reason,
            false => format!("the item is not closed before the next one or the end ({reason})"),
        })?;
        if !item.is_whole {
            return Err("the item is not closed before the next one or the end".to_owned());
        }
        let mut record = Record::default();
        match self {
            Self::Feed => feed::collect(&node, about, &mut record),
            Self::News => news::collect(&node, &mut record),
            Self::Archive => wire_archive::collect(&node, &mut record),
            Self::Wiki if !wiki::collect(&node, about, &mut record) => return Ok(None),
            Self::Wiki => {}
        }
        if record.is_missing(Field::Url) {
            // Without an address the name of the publisher is all there is.
            record.copy(Field::Publisher, Field::Source);
        }
        Ok(Some(record))
    }
}

pub(super) fn put(record: &mut Record, field: Field, rank: usize, text: &str) {
    record.put(Wanted { field, rank }, text.trim());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_element_tells_the_kind() {
        let cases: [(&str, Option<Xml>); 14] = [
            ("<rss version=\"2.0\">", Some(Xml::Feed)),
            ("<?xml version='1.0'?>\n<!-- x -->\n<rdf:RDF xmlns:rdf='x'>", Some(Xml::Feed)),
            ("\n<feed xmlns=\"http://www.w3.org/2005/Atom\">", Some(Xml::Feed)),
            ("<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a \"b\">]><rss>", Some(Xml::Feed)),
            ("<!DOCTYPE nitf SYSTEM \"nitf.dtd\"><nitf>", Some(Xml::News)),
            ("<newsMessage xmlns=\"x\">", Some(Xml::News)),
            ("<?xml version='1.0'?><html>", None),
            ("text <rss>", None),
            ("<feeder>", None),
            ("<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS TOPICS=\"YES\">", Some(Xml::Archive)),
            ("<DOC>\n<DOCNO> AP880212-0001 </DOCNO>", Some(Xml::Archive)),
            ("<doc id=\"12\" url=\"https://a.example/12\" title=\"A\">", Some(Xml::Archive)),
            ("<?xml version=\"1.0\"?><doc><assembly>", None),
            ("<mediawiki xmlns=\"http://www.mediawiki.org/xml/export-0.11/\">", Some(Xml::Wiki)),
        ];
        for (text, expected) in cases {
            assert_eq!(kind(text.as_bytes()), expected, "{text}");
        }
    }
}
