//! A passage in two columns, or with its two sides one above the other.

use std::io;

use anstyle::Style;

use super::diff::{self, Row, Side, Stretch};
use super::{Compared, INDENT};
use crate::document::Span;
use crate::render::line::Line;
use crate::render::page::Page;
use crate::render::{units, visible};
use crate::report::Passage;

/// Width of the page from which the two sides stand side by side: less
/// leaves four or five words a line.
const MIN_BESIDE_WIDTH: usize = 60;

/// Between the columns.
const RULE: &str = " │ ";

/// Lines that one passage takes at most.
const MAX_PASSAGE_LINES: usize = 400;

/// How words that one side lacks are marked.
#[derive(Clone, Copy)]
struct Mark {
    style: Style,
    before: &'static str,
    after: &'static str,
}

pub(super) fn write(
    page: &mut Page<'_>,
    compared: &Compared<'_>,
    passage: &Passage,
    color: bool,
) -> io::Result<()> {
    let palette = page.palette;
    let (before, after) = (["[-", "{+"], ["-]", "+}"]);
    let mark = |style, side: usize| match color {
        true => Mark { style, before: "", after: "" },
        false => Mark { style, before: before[side], after: after[side] },
    };
    let layout = Layout::new(page, [mark(palette.removed, 0), mark(palette.added, 1)]);
    let range = |name: &str, span: Span| {
        Line::new().with(palette.range, &format!("{name} bytes {}–{}", span.start, span.end))
    };
    layout.write_ranges(page, [range("A", passage.a), range("B", passage.b)])?;
    let texts = [&compared.a.id, &compared.b.id].map(|id| compared.texts.text(id));
    let text = |side: usize, span: Span| texts[side].as_deref()?.get(span.start..span.end);
    let (Some(a), Some(b)) = (text(0, passage.a), text(1, passage.b)) else {
        return page.aside(INDENT, "The texts are not at hand, so the passage is not shown.");
    };
    let (a, b) = (Side::new(a), Side::new(b));
    let rows = diff::rows(&a, &b);
    let mut room = MAX_PASSAGE_LINES;
    for row in &rows {
        let lines = layout.lines(page, row);
        for line in lines.iter().take(room) {
            page.line(line)?;
        }
        if lines.len() > room {
            return page.aside(INDENT, "… the passage goes on; its byte ranges above hold all of it");
        }
        room -= lines.len();
    }
    let left_out = a.left_out.max(b.left_out);
    page.left_out(INDENT, left_out, ["more token", "more tokens"])
}

/// Where the two sides go.
struct Layout {
    is_beside: bool,
    /// Columns of A's side and of B's.
    widths: [usize; 2],
    marks: [Mark; 2],
}

impl Layout {
    fn new(page: &Page<'_>, marks: [Mark; 2]) -> Self {
        let is_beside = page.width >= MIN_BESIDE_WIDTH;
        let widths = if is_beside {
            let room = page.width - visible::width(RULE);
            [room / 2, room - room / 2]
        } else {
            [page.width - INDENT; 2]
        };
        Self { is_beside, widths, marks }
    }

    fn write_ranges(&self, page: &mut Page<'_>, [a, b]: [Line; 2]) -> io::Result<()> {
        if self.is_beside {
            let line = self.beside(page, &a, &b);
            return page.line(&line);
        }
        page.line(&Line::indent(INDENT).join(&a))?;
        page.line(&Line::indent(INDENT).join(&b))
    }

    fn beside(&self, page: &Page<'_>, a: &Line, b: &Line) -> Line {
        Line::new().join(a).pad_to(self.widths[0]).with(page.palette.dim, RULE).join(b)
    }

    fn lines(&self, page: &Page<'_>, row: &Row<'_>) -> Vec<Line> {
        let (a, b, has_change) = match row {
            Row::Text { a, b, has_change } => (a, b, *has_change),
            Row::Folded(tokens) => {
                let text = format!("… {} the same …", units::count(*tokens, "token", "tokens"));
                let indent = page.width.saturating_sub(visible::width(&text)) / 2;
                return vec![Line::indent(indent).with(page.palette.dim, &text)];
            }
        };
        let wrapped = |side: usize, stretches: &[Stretch<'_>]| {
            marked(stretches, self.marks[side]).wrap(self.widths[side])
        };
        if self.is_beside {
            let (a, b) = (wrapped(0, a), wrapped(1, b));
            let empty = Line::new();
            let line =
                |index| self.beside(page, a.get(index).unwrap_or(&empty), b.get(index).unwrap_or(&empty));
            return (0..a.len().max(b.len())).map(line).collect();
        }
        let side = |name: &str, lines: Vec<Line>| -> Vec<Line> {
            let lead = |index| if index == 0 { name } else { "" };
            let line = |(index, line): (usize, Line)| {
                Line::new().with(page.palette.dim, lead(index)).pad_to(INDENT).join(&line)
            };
            lines.into_iter().enumerate().map(line).collect()
        };
        if !has_change {
            return side("=", wrapped(0, a));
        }
        let mut lines = side("A", wrapped(0, a));
        lines.extend(side("B", wrapped(1, b)));
        lines
    }
}

/// The text of one side with its changed stretches marked.
fn marked(stretches: &[Stretch<'_>], mark: Mark) -> Line {
    let mut line = Line::new();
    for stretch in stretches {
        let text = visible::spaced(stretch.text);
        line = if stretch.is_changed {
            line.with(mark.style, mark.before).with(mark.style, &text).with(mark.style, mark.after)
        } else {
            line.plain(&text)
        };
    }
    line
}
