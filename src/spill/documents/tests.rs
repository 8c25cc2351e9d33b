//! What was spooled against what is held in memory.

use proptest::prelude::*;

use super::*;
use crate::document::{Corpus, DatedBy, Provenance, SpanBase};

fn drawn() -> impl Strategy<Value = Document> {
    let time = prop::sample::select(vec![
        None,
        Some("2026-05-11"),
        Some("2026-05-11T08:30:00"),
        Some("2026-05-11T08:30:00Z"),
        Some("-001999-01-01"),
    ]);
    let field = || prop::option::of("[a-zé\\x00]{0,4}");
    (("[ab]{0,2}(#[1-4])?", "[xyé]{0,3}", 0u64..3, any::<bool>()), field(), field(), time).prop_map(
        |((id, text, line, flag), one, two, time)| {
            let time = time.and_then(|time| time.parse().ok());
            let provenance = Provenance {
                author: one.clone(),
                embargo: time,
                folder: two.clone(),
                dated_by: flag.then_some(DatedBy::Address),
                ..Provenance::default()
            };
            Document {
                id,
                text,
                path: format!("p{line}").into(),
                line: (line > 0).then_some(line),
                record: line,
                is_against: flag,
                span_base: if flag { SpanBase::Extracted } else { SpanBase::Decoded },
                title: one.clone(),
                url: two.clone(),
                source: one,
                language: two,
                published: time,
                provenance: provenance.boxed(),
                original_id: None,
            }
        },
    )
}

proptest! {
    #[test]
    fn outside_of_memory_a_corpus_is_the_same(documents in prop::collection::vec(drawn(), 0..60)) {
        let spill = Spill::of_any_size(1 << 10, &std::env::temp_dir()).unwrap();
        let mut spooler = Spooler::new(&spill);
        spooler.extend(documents.clone());
        let spooled = spooler.try_finish(Vec::new()).unwrap();
        let held = Corpus::try_new(documents).unwrap();
        let ids = || (0..held.len()).map(DocId::new);
        prop_assert_eq!(spooled.len(), held.len());
        for id in ids() {
            prop_assert_eq!(&spooled.document(id), &held[id]);
            prop_assert_eq!(spooled.text(id), held.text(id));
            prop_assert_eq!(spooled.text_len(id), held.text(id).len());
            prop_assert_eq!(&spooled.about(id), &Document { text: String::new(), ..held[id].clone() });
            prop_assert_eq!(spooled.find(&held[id].id), Some(id));
        }
        prop_assert_eq!(spooled.find("c"), None);
        // Most of these lie far from each other in the file, some beside each other.
        for len in [1, 2, 7, 60] {
            for first in (0..held.len()).step_by(len) {
                let some = first..held.len().min(first + len);
                let read = spooled.read_together(some.clone()).expect("short texts");
                for id in some.map(DocId::new) {
                    prop_assert_eq!(spooled.text_in(id, &read), held.text(id));
                    prop_assert_eq!(spooled.about_in(id, &read), spooled.about(id));
                }
            }
        }
        let renamed = held.documents().iter().filter(|document| document.original_id.is_some()).count();
        prop_assert_eq!(spooled.renamed(), renamed);
    }
}
