//! Compressed files: gzip, zstd, bzip2 and xz, of one member or several.
//!
//! What is inside is read as a file of its own, whose name lacks the ending
//! of the compression. Decoding streams: memory is the decoder's window.

use std::io::{BufReader, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use lzma_rust2::XzReader;

use super::zstd_frames::ZstdFrames;
use crate::read::adapter::{Adapter, Batch, Content, Context};
use crate::read::meter::Expanding;
use crate::read::open;

/// Bytes read at a time.
const BUFFER_LEN: usize = 1 << 17;

/// Most memory that an xz stream may ask for, in KiB: four times what its
/// highest preset needs.
const XZ_MEMORY_KIB: u32 = 256 << 10;

/// How a file is compressed; each is an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compressed {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

impl Compressed {
    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
        }
    }

    /// What `stream` holds.
    pub(crate) fn decoder<'a>(self, stream: impl Read + Send + 'a) -> Box<dyn Read + Send + 'a> {
        let stream = BufReader::with_capacity(BUFFER_LEN, stream);
        match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(stream)),
            Self::Zstd => Box::new(ZstdFrames::new(stream)),
            Self::Bzip2 => Box::new(MultiBzDecoder::new(stream)),
            Self::Xz => Box::new(XzReader::new_mem_limit(stream, true, XZ_MEMORY_KIB)),
        }
    }
}

impl Adapter for Compressed {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let Content { path, name, layers, meter, .. } = content;
        let decoder = self.decoder(content.into_stream());
        let inner = inner_name(name);
        let unpacked = Content {
            path,
            name: &inner,
            head: Vec::new(),
            rest: Box::new(Expanding::new(decoder, self.name(), meter)),
            size: None,
            file: None,
            layers: layers + 1,
            meter,
        };
        open::read_content(unpacked, context, batch)
    }
}

/// The name of what a file called `name` holds.
pub(crate) fn inner_name(name: &str) -> String {
    let Some((stem, extension)) = name.rsplit_once('.') else { return name.to_owned() };
    match extension.to_ascii_lowercase().as_str() {
        "gz" | "gzip" | "zst" | "zstd" | "bz2" | "xz" => stem.to_owned(),
        "tgz" | "tbz2" | "txz" | "tzst" => format!("{stem}.tar"),
        _ => name.to_owned(),
    }
}
