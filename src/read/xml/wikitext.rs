//! The text of a wiki page without its markup, as MediaWiki writes it.
//!
//! What is left is what a reader sees as running text: words of links, and
//! headings and lists without their marks. Templates, tables, notes, pictures
//! and categories are left out, since they are filled in from elsewhere or
//! stand beside the text. One pass with a stack of what is open; time is
//! linear, as nothing is more than [`MAX_DEPTH`] deep. What is never closed is
//! text.

use crate::read::html;

/// Templates, tables and links within each other; articles have ten or so.
const MAX_DEPTH: usize = 64;

/// Elements that are left out with what is in them.
const HIDDEN: [&str; 11] = [
    "gallery",
    "graph",
    "hiero",
    "imagemap",
    "math",
    "ref",
    "score",
    "source",
    "syntaxhighlight",
    "timeline",
    "templatedata",
];

/// Namespaces of links that show a picture or put the page into a list, in
/// English, which every wiki knows.
const SILENT: [&str; 4] = ["file", "image", "category", "media"];

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Page,
    Template,
    Table,
    Link,
}

struct Frame {
    kind: Kind,
    text: String,
}

/// The text of `wikitext`. `silent` are the names of the namespaces that show
/// pictures or list pages, in small letters, in the language of the wiki.
pub(super) fn text_of(wikitext: &str, silent: &[String]) -> String {
    let stack = vec![Frame { kind: Kind::Page, text: String::new() }];
    let mut page = Page { stack, silent, endless: Vec::new() };
    let mut rest = wikitext;
    while let Some(at) = rest.find(['{', '}', '[', ']', '<', '|', '\'']) {
        page.put(&rest[..at]);
        rest = page.take(&rest[at..]);
    }
    page.put(rest);
    lines(&html::text::resolved(&page.finish()))
}

struct Page<'a> {
    stack: Vec<Frame>,
    silent: &'a [String],
    /// Elements that are hidden and have no end in what is left.
    endless: Vec<String>,
}

impl Page<'_> {
    fn put(&mut self, text: &str) {
        if let Some(frame) = self.stack.last_mut() {
            frame.text.push_str(text);
        }
    }

    /// Takes what `rest` begins with, a mark or a single character. What is
    /// behind it is returned.
    fn take<'t>(&mut self, rest: &'t str) -> &'t str {
        let kind = self.stack.last().map_or(Kind::Page, |frame| frame.kind);
        let is_open = |kind| self.stack.iter().any(|frame| frame.kind == kind);
        match rest.as_bytes() {
            [b'{', b'{', ..] => self.open(Kind::Template),
            [b'{', b'|', ..] => self.open(Kind::Table),
            [b'[', b'[', ..] => self.open(Kind::Link),
            [b'}', b'}', ..] if is_open(Kind::Template) => self.drop_to(Kind::Template),
            [b'|', b'}', ..] if kind == Kind::Table => self.drop_to(Kind::Table),
            [b']', b']', ..] if kind == Kind::Link => self.close_link(),
            [b'\'', b'\'', ..] => {
                return rest.trim_start_matches('\'');
            }
            [b'[', ..] => return self.outer_link(rest),
            [b'<', ..] => return self.element(rest),
            _ => {
                self.put(&rest[..1]);
                return &rest[1..];
            }
        }
        &rest[2..]
    }

    fn open(&mut self, kind: Kind) {
        if self.stack.len() < MAX_DEPTH {
            self.stack.push(Frame { kind, text: String::new() });
        }
    }

    /// Leaves out all that is open down to the last `kind`.
    fn drop_to(&mut self, kind: Kind) {
        while self.stack.len() > 1 {
            if self.stack.pop().is_some_and(|frame| frame.kind == kind) {
                return;
            }
        }
    }

    fn close_link(&mut self) {
        let Some(frame) = self.stack.pop() else { return };
        let (target, shown) = match frame.text.split_once('|') {
            Some((target, parts)) => (target, parts.rsplit('|').next()),
            None => (frame.text.as_str(), None),
        };
        let space = target.split_once(':').map(|(space, _)| space.trim().to_lowercase());
        let is_silent = |space: &String| {
            // Two or three small letters are the page in another language.
            let is_language =
                shown.is_none() && matches!(space.len(), 2 | 3) && target.starts_with(space.as_str());
            is_language || SILENT.contains(&space.as_str()) || self.silent.contains(space)
        };
        if !space.as_ref().is_some_and(is_silent) {
            let shown = shown.unwrap_or_else(|| target.trim_start_matches(':')).to_owned();
            self.put(&shown);
        }
    }

    /// `[https://a.example/ words]`.
    fn outer_link<'t>(&mut self, rest: &'t str) -> &'t str {
        let inside = &rest[1..];
        let end = inside.find([']', '\n', '[']).filter(|&end| inside.as_bytes()[end] == b']');
        match end {
            Some(end) if inside.starts_with("http") || inside.starts_with("//") => {
                self.put(inside[..end].split_once(' ').map_or("", |(_, words)| words));
                &inside[end + 1..]
            }
            _ => {
                self.put("[");
                inside
            }
        }
    }

    /// A comment or a tag, which go, with what some elements hold.
    fn element<'t>(&mut self, rest: &'t str) -> &'t str {
        if let Some(inside) = rest.strip_prefix("<!--") {
            return inside.find("-->").map_or("", |end| &inside[end + 3..]);
        }
        let inside = rest[1..].trim_start_matches('/');
        let name = &inside[..inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len())];
        let end = inside.find(['>', '\n', '<']).filter(|&end| inside.as_bytes()[end] == b'>');
        let end = end.map(|end| end + rest.len() - inside.len());
        let (false, Some(end)) = (name.is_empty(), end) else {
            self.put("<");
            return &rest[1..];
        };
        let behind = &rest[end + 1..];
        let name = name.to_ascii_lowercase();
        let is_whole = rest[..end].ends_with('/') || rest.starts_with("</");
        if name == "br" {
            self.put("\n");
        }
        if is_whole || !HIDDEN.contains(&name.as_str()) || self.endless.contains(&name) {
            return behind;
        }
        let Some(at) = find_ignoring_case(behind, &format!("</{name}")) else {
            self.endless.push(name);
            return behind;
        };
        behind[at..].find('>').map_or("", |end| &behind[at + end + 1..])
    }

    /// All of it, with what was never closed.
    fn finish(mut self) -> String {
        while self.stack.len() > 1 {
            let text = self.stack.pop().map(|frame| frame.text).unwrap_or_default();
            self.put(&text);
        }
        self.stack.pop().map(|frame| frame.text).unwrap_or_default()
    }
}

/// Where `wanted`, which is ASCII in small letters, stands in `text` first.
fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    let starts = memchr::memchr_iter(b'<', text.as_bytes());
    let is_there = |&at: &usize| {
        text.as_bytes()[at..]
            .get(..wanted.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(wanted.as_bytes()))
    };
    starts.into_iter().find(is_there)
}

/// The lines without marks of headings and lists, no more than one empty one
/// behind another.
fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim) {
        let is_heading = line.len() > 2 && line.starts_with('=') && line.ends_with('=');
        let line =
            if is_heading { line.trim_matches('=') } else { line.trim_start_matches(['*', '#', ':', ';']) };
        let is_switch = line.starts_with("__") && line.ends_with("__");
        let line = if is_switch || line.starts_with("----") { "" } else { line.trim() };
        if !line.is_empty() {
            out.push_str(line);
            out.push('\n');
        } else if !out.is_empty() && !out.ends_with("\n\n") {
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_sees_is_left() {
        let cases = [
            ("The '''lock''' at ''[[Weirton]]'' is [[sluice gate|shut]].", "The lock at Weirton is shut."),
            ("{{Infobox\n|name={{nowrap|Lock}}\n|[[x]]}}\nThe lock.", "The lock."),
            ("{|class=x\n|-\n| a || [[b]]\n|}\nThe lock.", "The lock."),
            ("[[File:a.jpg|thumb|The [[gate]].]]The lock.[[Category:Locks]][[fr:Écluse]]", "The lock."),
            ("[[Datei:a.jpg|Das [[Tor]]]]Die Schleuse.", "Die Schleuse."),
            (
                "It leaks.<ref name=a>{{cite|x}}</ref><ref name=\"a\"/> See [https://a.example the report].",
                "It leaks. See the report.",
            ),
            ("== Gates ==\n* one\n** two\n\n\n\n# three\n----\n__NOTOC__", "Gates\none\ntwo\n\nthree"),
            ("a &amp; b&nbsp;<!-- not\nthis -->c<br/>d <small>e</small>", "a & b\u{a0}c\nd e"),
            ("<math>x^2</math>1 < 2 and [3] {4} |5|", "1 < 2 and [3] {4} |5|"),
            // What is not closed is text.
            ("The [[lock {{is\nshut <ref>for good", "The lock is\nshut for good"),
            (
                "[[:Category:Locks]] and [[Talk:Lock|its talk]], [[CSI: Weirton]]",
                "Category:Locks and its talk, CSI: Weirton",
            ),
            ("}} ]] |} x", "}} ]] |} x"),
        ];
        for (wikitext, expected) in cases {
            assert_eq!(text_of(wikitext, &["datei".to_owned()]), expected, "{wikitext}");
        }
    }

    #[test]
    fn what_is_deep_or_never_ends_takes_linear_time() {
        let inputs = ["[[", "{{", "<ref>", "<b", "[http", "''", "<!--", "[[a|", "{|", "</ref <ref>"];
        for input in inputs {
            let long = input.repeat(200_000);
            assert!(text_of(&long, &[]).len() <= long.len());
        }
    }
}
