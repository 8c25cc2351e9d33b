//! Styled text of known width: the only way from strings to the terminal.

use std::fmt::Write as _;

use anstyle::Style;

use super::visible;

/// One line, or less, of styled text. Its strings are neutral: no control
/// character gets in, so colours are the only escape sequences that come out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    pieces: Vec<(Style, String)>,
    width: usize,
}

impl Line {
    /// An empty line.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A line that begins with `columns` spaces.
    pub(crate) fn indent(columns: usize) -> Self {
        Self::new().pad_to(columns)
    }

    /// Appends `text`, neutralised as a label.
    pub(crate) fn with(mut self, style: Style, text: &str) -> Self {
        self.push(style, text);
        self
    }

    /// Appends unstyled text.
    pub(crate) fn plain(self, text: &str) -> Self {
        self.with(Style::new(), text)
    }

    /// Appends all of another line.
    pub(crate) fn join(mut self, other: &Self) -> Self {
        for (style, text) in &other.pieces {
            self.push(*style, text);
        }
        self
    }

    /// Appends spaces up to column `width`.
    pub(crate) fn pad_to(mut self, width: usize) -> Self {
        let missing = width.saturating_sub(self.width);
        self.push(Style::new(), &" ".repeat(missing));
        self
    }

    /// Columns taken so far.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    fn push(&mut self, style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        let neutral = visible::label(text);
        self.width += visible::width(&neutral);
        match self.pieces.last_mut() {
            Some((last, piece)) if *last == style => piece.push_str(&neutral),
            _ => self.pieces.push((style, neutral.into_owned())),
        }
    }

    /// The line in at most `max_width` columns, without spaces at its end,
    /// ready to be written.
    pub(crate) fn finish(&self, max_width: usize) -> String {
        let mut text = String::new();
        let cuts = self.width > max_width;
        let mut room = if cuts { max_width.saturating_sub(1) } else { max_width };
        for (index, (style, piece)) in self.pieces.iter().enumerate() {
            let kept = &piece[..visible::fitting_len(piece, room)];
            let ends = kept.len() < piece.len() || index + 1 == self.pieces.len();
            let kept = if ends { kept.trim_end() } else { kept };
            let mark = if ends && cuts { visible::ELLIPSIS } else { "" };
            if !kept.is_empty() || !mark.is_empty() {
                write!(text, "{style}{kept}{mark}{style:#}").expect("a string takes every write");
            }
            if ends {
                break;
            }
            room -= visible::width(piece);
        }
        text
    }

    /// Breaks the line at spaces into lines of at most `max_width` columns;
    /// a word that is longer is broken between characters. White space is
    /// taken as single spaces.
    pub(crate) fn wrap(&self, max_width: usize) -> Vec<Self> {
        let max_width = max_width.max(2);
        let mut wrap = Wrap { lines: Vec::new(), line: Self::new(), max_width };
        for word in self.words() {
            wrap.word(&word);
        }
        wrap.finish()
    }

    /// The words, each with the pieces it is made of.
    fn words(&self) -> Vec<Self> {
        let mut words = Vec::new();
        let mut word = Self::new();
        for (style, piece) in &self.pieces {
            for (index, part) in piece.split(' ').enumerate() {
                if index > 0 && word.width > 0 {
                    words.push(std::mem::take(&mut word));
                }
                word.push(*style, part);
            }
        }
        if word.width > 0 {
            words.push(word);
        }
        words
    }

    fn first_style(&self) -> Option<Style> {
        self.pieces.first().map(|(style, _)| *style)
    }

    fn last_style(&self) -> Option<Style> {
        self.pieces.last().map(|(style, _)| *style)
    }
}

/// Lines being filled.
struct Wrap {
    lines: Vec<Line>,
    line: Line,
    max_width: usize,
}

impl Wrap {
    fn word(&mut self, word: &Line) {
        if self.line.width > 0 {
            let needed = self.line.width + 1 + word.width;
            let breaks = needed > self.max_width && word.width <= self.max_width;
            if breaks || self.line.width + 2 >= self.max_width {
                self.flush();
            } else {
                // A styled stretch keeps its style across its spaces.
                let same = self.line.last_style() == word.first_style();
                let style = word.first_style().filter(|_| same).unwrap_or_default();
                self.line.push(style, " ");
            }
        }
        for (style, piece) in &word.pieces {
            self.piece(*style, piece);
        }
    }

    fn piece(&mut self, style: Style, mut piece: &str) {
        while !piece.is_empty() {
            let len = visible::fitting_len(piece, self.max_width - self.line.width);
            self.line.push(style, &piece[..len]);
            piece = &piece[len..];
            if !piece.is_empty() {
                self.flush();
            }
        }
    }

    fn flush(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
    }

    fn finish(mut self) -> Vec<Line> {
        if self.line.width > 0 {
            self.flush();
        }
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use anstyle::AnsiColor;

    use super::*;

    fn wrapped(text: &str, width: usize) -> Vec<String> {
        Line::new().plain(text).wrap(width).iter().map(|line| line.finish(width)).collect()
    }

    #[test]
    fn text_is_wrapped_at_spaces_and_long_words_at_characters() {
        let cases: [(&str, usize, &[&str]); 6] = [
            ("one two three", 7, &["one two", "three"]),
            ("one two three", 80, &["one two three"]),
            ("abcdefghij", 4, &["abcd", "efgh", "ij"]),
            ("東京都庁舎で", 5, &["東京", "都庁", "舎で"]),
            ("a bcdefghij k", 4, &["a bc", "defg", "hij", "k"]),
            ("", 10, &[]),
        ];
        for (text, width, expected) in cases {
            assert_eq!(wrapped(text, width), expected, "{text:?}");
        }
    }

    #[test]
    fn nothing_but_styles_makes_escape_sequences() {
        let line = Line::new().plain("a\u{1b}[31m\nb");
        assert_eq!(line.finish(80), "a\\u{1b}[31m\\nb");
        let red = AnsiColor::Red.on_default();
        let line = Line::new().with(red, "x\u{9b}").plain(" ");
        assert_eq!(line.finish(80), "\u{1b}[31mx\\u{9b}\u{1b}[0m");
    }

    #[test]
    fn finished_lines_fit_whatever_they_hold() {
        let line = Line::indent(2).plain("東京").with(Style::new().bold(), "abc").plain("def");
        for width in 1..14 {
            let text = line.finish(width);
            let plain = text.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
            assert!(visible::width(&plain) <= width, "{plain:?} at {width}");
            assert_eq!(plain.ends_with('…'), width < line.width(), "{plain:?} at {width}");
        }
    }
}
