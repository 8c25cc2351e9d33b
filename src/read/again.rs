//! The inputs once more, as they are: for what is written in their own form.
//!
//! [`originals`] finds what the paths mean, as reading does, and tells the
//! form of each from its beginning, before anything else is done; an
//! [`Original`] can then be opened as often as needed. Formats that hold
//! several documents and cannot be written with some of them left out are
//! [`Form::Whole`] with a name.

use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use encoding_rs::{Encoding, UTF_8};

use super::encoding::{self, ToUtf8};
use super::format::{self, Format};
use super::input::{self, STDIN};
use super::json::shape::{self, Shape};
use super::meter::MAX_LAYERS;
use super::packed::compressed::{self, Compressed};
use super::table::delimited;
use crate::error::Error;

/// How the documents of an input can be left out one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Objects on lines.
    Lines,
    /// Objects in a JSON document.
    Objects(Shape),
    /// Rows of text with this separator.
    Rows(u8),
    /// Rows of a Parquet file.
    Columns,
    /// One document, which is the file; whether it is text as it stands.
    One { is_text: bool },
    /// Documents that cannot be left out one by one, and what they are in.
    Whole(&'static str),
    /// What cannot be read, so that all of it stays.
    Unread,
}

/// One input.
#[derive(Clone, Debug)]
pub(crate) struct Original {
    /// As documents carry it.
    pub(crate) path: String,
    /// Where its bytes are.
    pub(crate) file: PathBuf,
    pub(crate) form: Form,
    /// Whether it is compressed.
    pub(crate) is_packed: bool,
    /// Its encoding, where that is not UTF-8 and a mark says so.
    encoding: Option<&'static Encoding>,
    stamp: (u64, Option<SystemTime>),
}

/// An input that was opened: its bytes without compression, in UTF-8.
pub(crate) struct Opened {
    /// A byte order mark, where the bytes behind it are those of the file.
    pub(crate) mark: Vec<u8>,
    pub(crate) stream: Box<dyn Read + Send>,
}

/// The inputs that `paths` mean, in their order. Standard input stands in
/// `spool`.
///
/// # Errors
///
/// Those of finding the inputs, and an input that can be read only once.
pub(crate) fn originals(paths: &[String], spool: Option<&Path>) -> Result<Vec<Original>, Error> {
    let found = input::find(paths, &[])?;
    let mut originals = Vec::with_capacity(found.inputs.len());
    for input in found.inputs {
        let file = match (&input.file, spool) {
            (Some(file), _) => file.clone(),
            (None, Some(spool)) => spool.to_owned(),
            (None, None) => return Err(only_once(STDIN)),
        };
        let Ok(metadata) = fs::metadata(&file) else { continue };
        if !metadata.is_file() {
            return Err(only_once(&input.path));
        }
        let stamp = (metadata.len(), metadata.modified().ok());
        let looked_at = File::open(&file).and_then(|stream| look(&input.path, Box::new(stream)));
        // What cannot be opened is named by the reading of documents.
        let Ok(look) = looked_at else { continue };
        let encoding = look.encoding.filter(|encoding| *encoding != UTF_8);
        let path = input.path;
        originals.push(Original { path, file, form: look.form, is_packed: look.is_packed, encoding, stamp });
    }
    Ok(originals)
}

/// The files that `paths` mean, then those of `against`, as documents carry
/// them and where they are; nothing where that is no file.
///
/// # Errors
///
/// Those of finding the inputs.
pub(crate) fn named_files(
    paths: &[String],
    against: &[String],
) -> Result<Vec<(String, Option<PathBuf>)>, Error> {
    let found = input::find(paths, against)?;
    Ok(found.inputs.into_iter().map(|input| (input.path, input.file)).collect())
}

fn only_once(path: &str) -> Error {
    let problem = "can be read only once, and is read twice here; give it as standard input, alone, with -";
    Error::format(path.as_ref(), None, problem)
}

impl Original {
    /// Opens it at its beginning.
    pub(crate) fn open(&self) -> io::Result<Opened> {
        let look = look(&self.path, Box::new(File::open(&self.file)?))?;
        let Look { mut head, rest, .. } = look;
        match self.encoding {
            Some(encoding) => {
                head.drain(..look.mark_len);
                let stream = ToUtf8::new(Cursor::new(head).chain(rest), encoding);
                Ok(Opened { mark: Vec::new(), stream: Box::new(stream) })
            }
            None => {
                let mark = head.drain(..look.mark_len).collect();
                Ok(Opened { mark, stream: Box::new(Cursor::new(head).chain(rest)) })
            }
        }
    }

    /// Its bytes, as they lie there.
    pub(crate) fn bytes(&self) -> io::Result<File> {
        File::open(&self.file)
    }

    /// Whether the bytes of its records are turned into UTF-8.
    pub(crate) fn is_transcoded(&self) -> bool {
        self.encoding.is_some() && !matches!(self.form, Form::One { .. })
    }

    /// Fails if the file is another one than when it was first looked at.
    pub(crate) fn check_unchanged(&self) -> Result<(), Error> {
        let metadata = fs::metadata(&self.file).map_err(|error| Error::io("read", &self.file, error))?;
        if (metadata.len(), metadata.modified().ok()) == self.stamp {
            return Ok(());
        }
        Err(Error::format(self.path.as_ref(), None, "was changed while it was read; run again"))
    }
}

/// The beginning of an input.
struct Look {
    head: Vec<u8>,
    rest: Box<dyn Read + Send>,
    form: Form,
    is_packed: bool,
    encoding: Option<&'static Encoding>,
    mark_len: usize,
}

fn look(path: &str, mut rest: Box<dyn Read + Send>) -> io::Result<Look> {
    let mut name = path.to_owned();
    for layer in 0..=MAX_LAYERS {
        let mut head = Vec::new();
        (&mut rest).take(format::HEAD_LEN as u64).read_to_end(&mut head)?;
        let format = format::detect(&head, &name);
        let packing = match format {
            Ok(Format::Gzip) => Compressed::Gzip,
            Ok(Format::Zstd) => Compressed::Zstd,
            Ok(Format::Bzip2) => Compressed::Bzip2,
            Ok(Format::Xz) => Compressed::Xz,
            _ => {
                let announced = encoding::announced(&head).ok().flatten();
                let form = format.map_or(Form::Unread, |format| form(format, &head));
                let is_text = !matches!(form, Form::Columns | Form::Whole(_) | Form::Unread);
                let announced = announced.filter(|_| is_text);
                let (encoding, mark_len) = (announced.map(|(e, _)| e), announced.map_or(0, |(_, len)| len));
                return Ok(Look { head, rest, form, is_packed: layer > 0, encoding, mark_len });
            }
        };
        rest = packing.decoder(Cursor::new(head).chain(rest));
        name = compressed::inner_name(&name);
    }
    Ok(Look { head: Vec::new(), rest, form: Form::Unread, is_packed: true, encoding: None, mark_len: 0 })
}

fn form(format: Format, head: &[u8]) -> Form {
    let text = match encoding::announced(head) {
        Ok(Some((encoding, mark_len))) => {
            encoding.decode_without_bom_handling(&head[mark_len..]).0.into_owned().into_bytes()
        }
        _ => head.to_vec(),
    };
    match format {
        Format::JsonLines => Form::Lines,
        Format::Json => {
            let shape = shape::shape(&text, true, true);
            Form::Objects(shape.unwrap_or(Shape::Array))
        }
        Format::Table => Form::Rows(delimited::delimiter(&text)),
        Format::Parquet => Form::Columns,
        Format::PlainText => Form::One { is_text: true },
        Format::Page | Format::Subtitles | Format::Message => Form::One { is_text: false },
        Format::Feed => Form::Whole("a feed"),
        Format::News => Form::Whole("a news message"),
        Format::Archive => Form::Whole("a collection in markup"),
        Format::Wiki => Form::Whole("an export of a wiki"),
        Format::Mailbox => Form::Whole("a mailbox"),
        Format::Warc => Form::Whole("a crawl"),
        Format::Zip => Form::Whole("a zip file"),
        Format::Tar => Form::Whole("a tar file"),
        Format::Gzip | Format::Zstd | Format::Bzip2 | Format::Xz => Form::Whole("a packed file"),
    }
}
