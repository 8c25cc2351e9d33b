//! A message → a document: its subject, its sender or list, and what it says.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{DateTime, Encoding, HeaderName, Message, MessageParser, MessagePart, PartType};

use crate::document::SpanBase;
use crate::read::encoding;
use crate::read::fields::{Field, Wanted};
use crate::read::html;
use crate::read::record::{Finished, Record};
use crate::read::source::Publishers;

/// Messages within each other that are read; a digest of digests has three.
const MAX_DEPTH: usize = 4;

/// Parts of a message that may be or hold messages. Each may lie in the one
/// before, and `mail-parser` drops them one within the other, on the stack.
const MAX_WITHIN: usize = 400;

/// Fields in which a list names the address to which its members write, most
/// common first.
const LIST_ADDRESSES: [&str; 4] = ["List-Post", "Mailing-List", "X-Mailing-List", "X-BeenThere"];

/// Times as many words as the plain text that the same in markup has where the
/// plain text is none: "your program cannot show this letter".
const WORDS_OF_STUB: usize = 5;

/// Charsets that say no more than that nobody knew.
const UNKNOWN: [&str; 5] = ["us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown"];

/// What takes messages apart. Only the fields that are asked for are
/// understood: dates are read by ours, and a date that ends in `UT` has
/// `mail-parser` 0.11.9 take the first paragraph of the body with it.
pub(super) fn parser() -> MessageParser {
    let parser = MessageParser::new().with_mime_headers();
    parser.header_text(HeaderName::Subject).header_address(HeaderName::From).default_header_raw()
}

/// Whether so many messages may lie within each other that what is parsed could
/// not be dropped. None is without a type of its own, or that of a digest
/// around it.
pub(super) fn is_too_deep(bytes: &[u8]) -> bool {
    const TYPE: &[u8] = b"content-type";
    let may_be_type =
        |&at: &usize| bytes[at..].get(..TYPE.len()).is_some_and(|name| name.eq_ignore_ascii_case(TYPE));
    let types = memchr::memchr2_iter(b'C', b'c', bytes).filter(may_be_type);
    let ends = types.clone().skip(1).chain([bytes.len()]);
    let holds = |(start, end): &(usize, usize)| {
        let lower = bytes[*start..*end].to_ascii_lowercase();
        [&b"message"[..], b"digest"].iter().any(|word| memchr::memmem::find(&lower, word).is_some())
    };
    types.zip(ends).filter(holds).take(MAX_WITHIN + 1).count() > MAX_WITHIN
}

/// The document that `message` is. `envelope` is the line above it in a
/// mailbox. The error is the reason why it is none.
pub(super) fn document(
    message: &Message<'_>,
    envelope: Option<&[u8]>,
    publishers: &mut Publishers,
) -> Result<Finished, String> {
    let mut record = Record::default();
    let mut put = |field, rank, value: &str| record.put(Wanted { field, rank }, value);
    put(Field::Id, 0, raw(message, "Message-ID").trim_matches(['<', '>']));
    put(Field::Title, 0, &subject(message));
    let date = raw(message, "Date");
    put(Field::Published, 0, &date);
    if let Some(date) = DateTime::parse_rfc822(&date).filter(DateTime::is_valid) {
        put(Field::Published, 1, &date.to_rfc3339());
    }
    // When it came into the mailbox, which is hardly later.
    if let Some(envelope) = envelope {
        put(Field::Published, 2, &time_of(envelope));
    }
    put(Field::Language, 0, &raw(message, "Content-Language"));
    put(Field::Url, 0, raw(message, "Archived-At").trim_matches(['<', '>']));
    if let Some(place) = newsgroup(message).or_else(|| list(message)) {
        put(Field::Source, 0, &place);
    }
    let (author, host) = sender(message);
    put(Field::Author, 0, &author);
    put(Field::Source, 1, &host);
    let mut body = Body::default();
    body.take(message, 0);
    let is_extracted = body.is_extracted;
    record.put_text(body.text(message)?);
    let mut finished = record.finish(publishers).map_err(|_| "a message without a text".to_owned())?;
    if is_extracted {
        finished.document.span_base = SpanBase::Extracted;
    }
    Ok(finished)
}

/// A field as it is written, on one line.
fn raw(message: &Message<'_>, name: &'static str) -> String {
    let Some(name) = HeaderName::parse(name) else { return String::new() };
    let header = message.headers().iter().find(|header| header.name == name);
    let bytes = header
        .and_then(|header| message.raw_message.get(header.offset_start as usize..header.offset_end as usize));
    one_line(&decoded(bytes.unwrap_or_default()))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Bytes of which nobody says in which encoding they are.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding::decode(bytes.to_vec())
            .map_or_else(|_| String::from_utf8_lossy(bytes).into_owned(), |decoded| decoded.text),
    }
}

fn subject(message: &Message<'_>) -> String {
    let subject = one_line(message.subject().unwrap_or_default());
    if subject.contains(char::REPLACEMENT_CHARACTER) { raw(message, "Subject") } else { subject }
}

/// Who wrote it, by name where there is one, and the host of the address,
/// which archives write as `ada at a.example (Ada)`.
fn sender(message: &Message<'_>) -> (String, String) {
    let written = raw(message, "From");
    let (name, address) = match written.split_once(" at ").filter(|_| !written.contains('@')) {
        Some((user, behind)) => {
            let (host, name) = behind.split_once(' ').unwrap_or((behind, ""));
            (name.trim_matches(['(', ')']).to_owned(), format!("{user}@{host}"))
        }
        None => {
            let sender = message.from().and_then(|from| from.first());
            let name = sender.and_then(|sender| sender.name()).unwrap_or_default();
            (name.to_owned(), sender.and_then(|sender| sender.address()).unwrap_or_default().to_owned())
        }
    };
    let host = address.rsplit_once('@').map_or("", |(_, host)| host);
    let host = if host.contains('.') { host.to_owned() } else { String::new() };
    (if name.is_empty() { address } else { name }, host)
}

/// The group to which a posting went first.
fn newsgroup(message: &Message<'_>) -> Option<String> {
    let groups = raw(message, "Newsgroups");
    let first = groups.split(',').map(str::trim).find(|group| !group.is_empty())?;
    Some(first.to_ascii_lowercase())
}

/// The list that brought the message, as `<name.host>` (RFC 2919).
///
/// A list is where people write to. Newsletters have a `List-Id` too, often
/// that of who sends them for others; their publisher is the sender.
fn list(message: &Message<'_>) -> Option<String> {
    let addresses = LIST_ADDRESSES.map(|name| raw(message, name));
    let address = addresses.iter().find_map(|text| address_in(text))?;
    let id = raw(message, "List-Id");
    let named = id.rsplit_once('<').and_then(|(_, behind)| behind.split_once('>')).map(|(name, _)| name);
    let name = named.filter(|name| name.contains('.')).map_or(address.replace('@', "."), str::to_owned);
    Some(format!("<{}>", name.to_ascii_lowercase()))
}

/// The first address in a field.
fn address_in(text: &str) -> Option<&str> {
    let is_part = |c: char| c.is_alphanumeric() || "@.-_+=".contains(c);
    text.split(|c: char| !is_part(c))
        .find(|word| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')))
}

/// The time in the line above a message, behind the sender.
fn time_of(envelope: &[u8]) -> String {
    /// Names of days, with which times begin.
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let line = String::from_utf8_lossy(envelope);
    let words: Vec<&str> = line.split_whitespace().collect();
    let begins =
        |word: &&str| DAYS.iter().any(|day| word.strip_prefix(day).is_some_and(|rest| rest.len() <= 1));
    words.iter().position(begins).map(|at| words[at..].join(" ")).unwrap_or_default()
}

/// What a message says.
#[derive(Debug, Default)]
struct Body {
    texts: Vec<String>,
    /// Whether a part of it is without its markup.
    is_extracted: bool,
}

impl Body {
    /// Takes the parts of `message` that are to be read: plain text before
    /// markup where it has both, then messages that it hands on.
    fn take(&mut self, message: &Message<'_>, depth: usize) {
        let plain = words(message.text_bodies());
        let is_markup = |part: &&MessagePart<'_>| matches!(part.body, PartType::Html(_));
        let has_both = message.html_bodies().any(|part| is_markup(&part))
            && !message.text_bodies().any(|part| is_markup(&part));
        let mut markup = Self::default();
        if has_both {
            message.html_bodies().for_each(|part| markup.take_part(message, part));
        }
        let said = markup.texts.iter().map(|text| text.split_whitespace().count()).sum::<usize>();
        if said > plain * WORDS_OF_STUB {
            self.texts.append(&mut markup.texts);
            self.is_extracted |= markup.is_extracted;
        } else {
            message.text_bodies().for_each(|part| self.take_part(message, part));
        }
        for part in message.attachments() {
            if let (PartType::Message(inner), true) = (&part.body, depth < MAX_DEPTH) {
                self.take(inner, depth + 1);
            }
        }
        // A letter that is sent as a file beside nothing else.
        if self.texts.is_empty() {
            message.attachments().for_each(|part| self.take_part(message, part));
        }
    }

    fn take_part(&mut self, message: &Message<'_>, part: &MessagePart<'_>) {
        let (text, is_markup) = match &part.body {
            PartType::Text(text) => (text, false),
            PartType::Html(text) => (text, true),
            _ => return,
        };
        let is_doubtful = text.contains(char::REPLACEMENT_CHARACTER) || !text.is_ascii() && is_unknown(part);
        let guessed = is_doubtful.then(|| bytes_of(message, part)).flatten();
        let text = guessed.map_or_else(|| text.clone().into_owned(), |bytes| decoded(&bytes));
        let text = if is_markup { html::text::of(&text) } else { text };
        if !text.trim().is_empty() {
            self.is_extracted |= is_markup;
            self.texts.push(text.replace("\r\n", "\n"));
        }
    }

    /// All of it. The error is the reason why there is none: nothing but files
    /// is handed on.
    fn text(self, message: &Message<'_>) -> Result<String, String> {
        let mut kinds = message.attachments().filter_map(|part| {
            let kind = part.headers.iter().find(|header| header.name == HeaderName::ContentType)?;
            let kind = kind.value.as_content_type()?;
            Some(format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()))
        });
        match (self.texts.is_empty(), kinds.next()) {
            (true, Some(kind)) => Err(format!("a message without a text, which hands on a file ({kind})")),
            _ => Ok(self.texts.join("\n")),
        }
    }
}

/// The words of the plain text among `parts`.
fn words<'m>(parts: impl Iterator<Item = &'m MessagePart<'m>>) -> usize {
    let texts = parts.filter_map(|part| match &part.body {
        PartType::Text(text) => Some(text.split_whitespace().count()),
        _ => None,
    });
    texts.sum()
}

/// Whether nobody says in which charset a part is.
fn is_unknown(part: &MessagePart<'_>) -> bool {
    let kind = part.headers.iter().find(|header| header.name == HeaderName::ContentType);
    let charset = kind.and_then(|kind| kind.value.as_content_type()?.attribute("charset"));
    charset.is_none_or(|charset| UNKNOWN.contains(&charset.to_ascii_lowercase().as_str()))
}

/// The bytes of a part as they were written, where its encoding is not what
/// it says.
fn bytes_of(message: &Message<'_>, part: &MessagePart<'_>) -> Option<Vec<u8>> {
    let bytes = message.raw_message.get(part.offset_body as usize..part.offset_end as usize)?;
    match part.encoding {
        Encoding::None => Some(bytes.to_vec()),
        Encoding::QuotedPrintable => quoted_printable_decode(bytes),
        Encoding::Base64 => base64_decode(bytes),
    }
}
