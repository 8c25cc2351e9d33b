//! One list of documents in every format.

use std::io::Write;

use serde_json::{Map, Value, json};
use wirecopy::document::Document;

use crate::support::words::Rng;

/// Invented documents: some alone, some copies with changes, with everything
/// that a format has to escape.
pub(crate) fn documents(count: usize) -> Vec<Document> {
    let mut rng = Rng::new(5);
    let mut texts: Vec<String> = Vec::new();
    (0..count)
        .map(|n| {
            let mut text = rng.words(60, 4000);
            if n % 3 == 2 {
                text = format!("{text}\n\n{}", texts[rng.below(texts.len())]);
            }
            if n % 7 == 0 {
                text.push_str(
                    "\n\"Tables, & <b>quotes</b>; tabs\there|\" — 東京 é \\n {\"a\": [1]}, 5 < 6 > 4.",
                );
            }
            texts.push(text.clone());
            Document {
                id: format!("d{n}"),
                text,
                title: (n % 4 != 0).then(|| format!("Title {n}, \"quoted\" & <so>")),
                url: Some(format!("https://www.site{}.example/story/{n}?a=1&b=2", n % 9)),
                source: Some(format!("site{}.example", n % 9)),
                published: format!("2026-05-{:02}T10:{:02}:00Z", n % 28 + 1, n % 60).parse().ok(),
                language: (n % 2 == 0).then(|| "en".to_owned()),
                ..Document::default()
            }
        })
        .collect()
}

fn object(document: &Document) -> Value {
    let mut object = Map::new();
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            object.insert(key.into(), value.into());
        }
    };
    put("id", Some(document.id.clone()));
    put("text", Some(document.text.clone()));
    put("title", document.title.clone());
    put("url", document.url.clone());
    put("source", document.source.clone());
    put("published", document.published.map(|published| published.to_string()));
    put("language", document.language.clone());
    Value::Object(object)
}

pub(crate) fn jsonl(documents: &[Document]) -> Vec<u8> {
    documents.iter().flat_map(|document| format!("{}\n", object(document)).into_bytes()).collect()
}

pub(crate) fn json_array(documents: &[Document]) -> Vec<u8> {
    serde_json::to_vec(&documents.iter().map(object).collect::<Vec<_>>()).unwrap()
}

pub(crate) fn json_pretty(documents: &[Document]) -> Vec<u8> {
    serde_json::to_vec_pretty(&documents.iter().map(object).collect::<Vec<_>>()).unwrap()
}

pub(crate) fn json_answer(documents: &[Document]) -> Vec<u8> {
    let articles: Vec<Value> = documents.iter().map(object).collect();
    serde_json::to_vec(&json!({"status": "ok", "totalResults": articles.len(), "articles": articles}))
        .unwrap()
}

pub(crate) fn table(documents: &[Document], delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(["ID", "Text", "Title", "URL", "Source", "Published", "Language", "Other"]).unwrap();
    for document in documents {
        let published = document.published.map(|published| published.to_string());
        let or_nothing = |value: &Option<String>| value.clone().unwrap_or_default();
        writer
            .write_record([
                document.id.clone(),
                document.text.clone(),
                or_nothing(&document.title),
                or_nothing(&document.url),
                or_nothing(&document.source),
                published.unwrap_or_default(),
                or_nothing(&document.language),
                "x".into(),
            ])
            .unwrap();
    }
    writer.into_inner().unwrap()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

pub(crate) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// In two members, cut anywhere.
pub(crate) fn members(pack: fn(&[u8]) -> Vec<u8>, bytes: &[u8]) -> Vec<u8> {
    let (first, second) = bytes.split_at(bytes.len() / 3);
    [pack(first), pack(second)].concat()
}

pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn http(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {head}\r\n\r\n").as_bytes(), body].concat()
}

pub(crate) fn warc_record(kind: &str, id: &str, address: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <{id}>\r\nWARC-Date: 2026-05-11T10:00:00Z\r\n\
         WARC-Target-URI: {address}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

pub(crate) fn response(id: &str, address: &str, answer: &[u8]) -> Vec<u8> {
    warc_record("response", id, address, "application/http; msgtype=response", answer)
}

/// Ids, texts and addresses alone: a plain text has no more in a crawl.
pub(crate) fn warc(documents: &[Document]) -> Vec<u8> {
    let record = |document: &Document| {
        let answer = http("200 OK\r\nContent-Type: text/plain; charset=utf-8", document.text.as_bytes());
        response(&document.id, document.url.as_deref().unwrap_or_default(), &answer)
    };
    documents.iter().flat_map(record).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Texts are escaped twice, once as HTML and once as XML.
pub(crate) fn rss(documents: &[Document]) -> Vec<u8> {
    let mut out = String::from("<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>T</title>\n");
    for document in documents {
        out.push_str("<item>\n");
        let mut element = |name: &str, attributes: &str, value: &str| {
            out.push_str(&format!("<{name}{attributes}>{value}</{name}>\n"));
        };
        element("guid", " isPermaLink=\"false\"", &escape(&document.id));
        element("description", "", &escape(&escape(&document.text)));
        document.title.as_ref().inspect(|title| element("title", "", &escape(&escape(title))));
        document.url.as_ref().inspect(|url| element("link", "", &escape(url)));
        document.published.inspect(|published| element("pubDate", "", &published.to_string()));
        document.language.as_ref().inspect(|language| element("dc:language", "", language));
        let source = document.source.as_deref().unwrap_or_default();
        element("source", &format!(" url=\"https://{source}/\""), source);
        out.push_str("</item>\n");
    }
    out.push_str("</channel></rss>\n");
    out.into_bytes()
}

/// Rows in groups of a thousand, with a column that nobody wants.
#[cfg(feature = "parquet")]
pub(crate) fn parquet(documents: &[Document], compression: parquet::basic::Compression) -> Vec<u8> {
    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    let schema =
        "message feed { optional binary title (UTF8); required binary id (UTF8); required binary text (UTF8);
        optional binary url (UTF8); optional binary source (UTF8); optional binary language (UTF8);
        optional int64 published (TIMESTAMP(MILLIS,true)); required int64 other; }";
    let properties =
        parquet::file::properties::WriterProperties::builder().set_compression(compression).build();
    let mut out = Vec::new();
    let schema = std::sync::Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut writer =
        parquet::file::writer::SerializedFileWriter::new(&mut out, schema, properties.into()).unwrap();
    for documents in documents.chunks(1000) {
        let mut group = writer.next_row_group().unwrap();
        type Get = fn(&Document) -> Option<&str>;
        let texts: [(Get, bool); 6] = [
            (|document| document.title.as_deref(), true),
            (|document| Some(&document.id), false),
            (|document| Some(&document.text), false),
            (|document| document.url.as_deref(), true),
            (|document| document.source.as_deref(), true),
            (|document| document.language.as_deref(), true),
        ];
        for (text, is_optional) in texts {
            let values: Vec<ByteArray> = documents.iter().filter_map(text).map(ByteArray::from).collect();
            let levels: Vec<i16> = documents.iter().map(|document| text(document).is_some().into()).collect();
            let mut column = group.next_column().unwrap().unwrap();
            let levels = is_optional.then_some(&levels[..]);
            column.typed::<ByteArrayType>().write_batch(&values, levels, None).unwrap();
            column.close().unwrap();
        }
        let dates: Vec<i64> =
            documents.iter().filter_map(|d| d.published).map(|p| p.interval().0 * 1000).collect();
        let levels: Vec<i16> = documents.iter().map(|document| document.published.is_some().into()).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&dates, Some(&levels), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&vec![7; documents.len()], None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
    }
    writer.close().unwrap();
    out
}
