//! A page of lines no wider than the terminal, and its colours.

use std::io;

use anstyle::{AnsiColor, Style};

use super::line::Line;
use super::units;
use super::visible;

/// Fewest columns a page is laid out for; narrower terminals wrap it.
pub(crate) const MIN_WIDTH: usize = 24;

/// Columns after which a heading's rule ends: on a very wide page its remark
/// would stand too far away.
const MAX_RULE_WIDTH: usize = 100;

/// What each kind of text looks like. Without colour every style is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Palette {
    /// Headings of sections.
    pub(crate) heading: Style,
    /// Titles and what else stands out.
    pub(crate) strong: Style,
    /// Publishers.
    pub(crate) source: Style,
    /// What can be skipped over: legends, counts of what is left out.
    pub(crate) dim: Style,
    /// Byte ranges.
    pub(crate) range: Style,
    /// Credit given, thresholds reached.
    pub(crate) good: Style,
    /// Credit missing, something undetermined.
    pub(crate) bad: Style,
    /// Words that only the left side has.
    pub(crate) removed: Style,
    /// Words that only the right side has.
    pub(crate) added: Style,
}

impl Palette {
    /// With colours of the terminal's own sixteen, readable on dark and light.
    pub(crate) fn coloured() -> Self {
        Self {
            heading: Style::new().bold().underline(),
            strong: Style::new().bold(),
            source: AnsiColor::Cyan.on_default().bold(),
            dim: Style::new().dimmed(),
            range: AnsiColor::Blue.on_default(),
            good: AnsiColor::Green.on_default(),
            bad: AnsiColor::Yellow.on_default(),
            removed: AnsiColor::Red.on_default().underline(),
            added: AnsiColor::Green.on_default().underline(),
        }
    }
}

/// Lines on their way out.
pub(crate) struct Page<'a> {
    out: &'a mut dyn io::Write,
    /// Columns of a line.
    pub(crate) width: usize,
    /// What text looks like.
    pub(crate) palette: Palette,
}

impl<'a> Page<'a> {
    /// A page of `width` columns.
    pub(crate) fn new(out: &'a mut dyn io::Write, width: usize, color: bool) -> Self {
        let palette = if color { Palette::coloured() } else { Palette::default() };
        Self { out, width: width.max(MIN_WIDTH), palette }
    }

    /// Writes one line, cut to the width.
    pub(crate) fn line(&mut self, line: &Line) -> io::Result<()> {
        let mut text = line.finish(self.width);
        text.push('\n');
        self.out.write_all(text.as_bytes())
    }

    /// Writes an empty line.
    pub(crate) fn blank(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n")
    }

    /// Writes the heading of a section between rules, `remark` at its right,
    /// with an empty line before it.
    pub(crate) fn heading(&mut self, text: &str, remark: &str) -> io::Result<()> {
        let rule = |columns: usize| "─".repeat(columns);
        let width = self.width.min(MAX_RULE_WIDTH);
        self.blank()?;
        let text = visible::short_label(text, width - 6);
        let line = Line::new().with(self.palette.dim, "── ").with(self.palette.heading, &text).plain(" ");
        let needed = line.width() + visible::width(remark) + 2;
        if remark.is_empty() || needed + 2 > width {
            let fill = rule(width.saturating_sub(line.width()));
            self.line(&line.with(self.palette.dim, &fill))?;
            return if remark.is_empty() { Ok(()) } else { self.aside(3, remark) };
        }
        let fill = rule(width - needed);
        self.line(&line.with(self.palette.dim, &fill).plain("  ").with(self.palette.dim, remark))
    }

    /// Writes what a section leaves out, if anything.
    pub(crate) fn left_out(&mut self, indent: usize, number: usize, what: [&str; 2]) -> io::Result<()> {
        if number == 0 {
            return Ok(());
        }
        let number = units::count(number, what[0], what[1]);
        self.aside(indent, &format!("… {number} not shown; --format json has everything"))
    }

    /// Writes `body` behind `lead`, wrapped, every further line as far in as
    /// `lead` is wide; at most `max_lines` lines.
    pub(crate) fn hanging(&mut self, lead: &Line, body: &Line, max_lines: usize) -> io::Result<()> {
        let lines = body.wrap(self.width.saturating_sub(lead.width()));
        let cut = lines.len() > max_lines;
        for (index, text) in lines.iter().take(max_lines).enumerate() {
            let start = if index == 0 { lead.clone() } else { Line::indent(lead.width()) };
            let mut line = start.join(text);
            if cut && index + 1 == max_lines {
                line = line.plain(" ").plain(visible::ELLIPSIS);
            }
            self.line(&line)?;
        }
        Ok(())
    }

    /// Writes short statements one after another, ` · ` between them, as
    /// many on a line as fit; no statement is broken that fits on a line.
    pub(crate) fn facts(&mut self, indent: usize, facts: &[(Style, String)]) -> io::Result<()> {
        let separator = " · ";
        let mut line = Line::indent(indent);
        let mut is_empty = true;
        for (style, text) in facts {
            let fact = Line::new().with(*style, text);
            let needed = line.width() + visible::width(separator) + fact.width();
            if !is_empty && needed > self.width {
                self.line(&line)?;
                line = Line::indent(indent);
                is_empty = true;
            }
            if indent + fact.width() > self.width {
                self.hanging(&line, &fact, usize::MAX)?;
                line = Line::indent(indent);
                continue;
            }
            line = if is_empty { line } else { line.with(self.palette.dim, separator) };
            line = line.join(&fact);
            is_empty = false;
        }
        if is_empty { Ok(()) } else { self.line(&line) }
    }

    /// Writes a remark about what is left out.
    pub(crate) fn aside(&mut self, indent: usize, text: &str) -> io::Result<()> {
        let line = Line::new().with(self.palette.dim, text);
        self.hanging(&Line::indent(indent), &line, usize::MAX)
    }
}
