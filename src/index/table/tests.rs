//! Against lists that are looked through.

use super::reader::{HEAD, TAIL};
use super::*;
use crate::index::blocks::BlockFile;
use proptest::prelude::*;

fn with_table<T>(
    mut entries: Vec<Entry>,
    bits: (u32, u32),
    look: impl FnOnce(&BlockFile, &Table, &[Entry]) -> T,
) -> T {
    entries.sort_unstable();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table");
    let mut file = BlockWriter::create(&path).unwrap();
    let documents = entries.iter().map(|entry| entry.document() + 1).max().unwrap_or(0);
    let mut writer = TableWriter::new(&mut file, bits, documents, entries.len() as u64);
    entries.iter().for_each(|&entry| writer.push(entry).unwrap());
    let table = writer.finish().unwrap();
    let mut directory = Vec::new();
    table.encode(&mut directory);
    file.finish(&directory).unwrap();
    let (file, directory) = BlockFile::open(&path).unwrap();
    let mut rest = &directory[..];
    let decoded = Table::decode(&mut rest).unwrap();
    assert_eq!((&decoded, rest.len()), (&table, 0));
    look(&file, &table, &entries)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Against a list that is looked through.
    #[test]
    fn keys_are_found_with_all_their_documents(
        drawn in prop::collection::vec((0u64..300, 0u32..2000, any::<u16>()), 0..3000),
        spread in 0u32..40,
        beside in prop::bool::ANY,
    ) {
        let beside_bits = if beside { 16 } else { 0 };
        let entry = |&(key, document, beside): &(u64, u32, u16)| {
            Entry::new(key << spread, document, if beside_bits > 0 { beside } else { 0 })
        };
        let entries: Vec<Entry> = drawn.iter().map(entry).collect();
        with_table(entries, (spread + 9, beside_bits), |file, table, entries| {
            let mut reader = TableReader::new(file, table);
            let mut found = Found::default();
            for key in (0..300).map(|key| key << spread) {
                reader.find(key, &mut found).unwrap();
                let expected: Vec<(u32, u16)> = entries
                    .iter()
                    .filter(|entry| entry.key() == key)
                    .map(|entry| (entry.document(), entry.beside()))
                    .collect();
                prop_assert_eq!(found.total as usize, expected.len());
                prop_assert_eq!(&found.entries, &expected);
            }
            for part_bits in [0, 3, 8] {
                let mut all = Vec::new();
                (0..1 << part_bits).for_each(|part| reader.part(part, part_bits, &mut all).unwrap());
                prop_assert_eq!(&all, entries);
            }
            Ok(())
        })?;
    }
}

#[test]
fn a_key_that_very_many_have_is_counted_and_not_read() {
    let entries = (0..100_000).map(|document| Entry::new(7 << 30, document, 3)).collect();
    with_table(entries, (48, 16), |file, table, _| {
        let mut reader = TableReader::new(file, table);
        let mut found = Found::default();
        reader.find(7 << 30, &mut found).unwrap();
        assert_eq!(found.total, 100_000);
        let documents: Vec<u32> = found.entries.iter().map(|entry| entry.0).collect();
        assert_eq!(documents, (0..HEAD as u32).chain(100_000 - TAIL as u32..100_000).collect::<Vec<_>>());
        assert!(reader.window.len() < 64 << 10);
    });
}
