//! Who published each document, as far as the input says, by numbers.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::attribute::outlet::{self, host};
use crate::attribute::source::{declared, folder_of, registrable_domain};
use crate::collection::Collection;
use crate::document::{DocId, Document};
use crate::read::{address, source};

/// Documents that are read at the same time.
const TOGETHER: usize = 1 << 5;

/// The publishers of the documents of a collection. To bring an address or a host
/// to its registrable domain takes as long as to hash the words of a short text, so
/// it is done once for each; and to look at the addresses of all documents is to
/// wait for memory, so all that anybody asks of them is, where it can be while their
/// texts are read, which lie beside them.
#[derive(Debug, Default)]
pub(super) struct Publishers {
    names: Vec<String>,
    /// For each document the number of its publisher, and whether that is one that
    /// the input names, not the folder it lies in.
    of_documents: Vec<(u32, bool)>,
    /// By what outlets are known that texts may give credit to.
    pub(super) named: outlet::Publishers,
}

impl Publishers {
    pub(super) fn new(corpus: Collection<'_>) -> Self {
        let firsts = (0..corpus.len()).into_par_iter().step_by(TOGETHER);
        let add = |mut run: Run, first: usize| {
            let some = first..corpus.len().min(first + TOGETHER);
            let stretch = corpus.stretch(some.clone());
            some.for_each(|id| run.add(&stretch.about(DocId::new(id))));
            run
        };
        let runs: Vec<Run> = firsts.fold(Run::default, add).collect();
        let mut joined = Joined::default();
        runs.into_iter().for_each(|run| joined.add(run));
        joined.finish()
    }

    /// The number of a document's publisher.
    pub(super) fn of(&self, document: DocId) -> u32 {
        self.of_documents[document.index()].0
    }

    /// The publisher that the input names, where it is known here.
    pub(super) fn declared(&self, document: DocId) -> Option<&str> {
        let (number, is_declared) = *self.of_documents.get(document.index())?;
        is_declared.then(|| self.names[number as usize].as_str())
    }
}

/// Names in the order in which they came first.
#[derive(Default)]
struct Names {
    all: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: String) -> u32 {
        if let Some(&number) = self.numbers.get(&name) {
            return number;
        }
        let number = self.all.len() as u32;
        self.all.push(name.clone());
        self.numbers.insert(name, number);
        number
    }
}

/// The publishers of some runs.
#[derive(Default)]
pub(super) struct Joined {
    names: Names,
    of_documents: Vec<(u32, bool)>,
    named: outlet::Publishers,
}

impl Joined {
    /// Takes the next run.
    pub(super) fn add(&mut self, run: Run) {
        let numbers: Vec<u32> = run.names.all.into_iter().map(|name| self.names.number(name)).collect();
        let known = run.of_documents.iter().map(|&(at, is_declared)| (numbers[at as usize], is_declared));
        self.of_documents.extend(known);
        self.named.extend(run.of_sources.into_keys(), run.of_hosts.into_keys());
    }

    /// The publishers, if the runs were those of all documents.
    pub(super) fn finish(self) -> Publishers {
        Publishers { names: self.names.all, of_documents: self.of_documents, named: self.named }
    }
}

/// The publishers of documents that follow each other. These are few beside their
/// documents, so what a name or a host leads to is remembered.
#[derive(Default)]
pub(super) struct Run {
    names: Names,
    /// As [`Publishers::of_documents`], by the numbers of the run.
    of_documents: Vec<(u32, bool)>,
    /// The publisher that each name stands for, if it stands for one.
    of_sources: HashMap<String, Option<u32>>,
    /// The publisher of the pages of each host, if it has one.
    of_hosts: HashMap<String, Option<u32>>,
}

impl Run {
    /// Takes the next document.
    pub(super) fn add(&mut self, document: &Document) {
        let named = document.source.as_deref().and_then(|name| self.of_source(name));
        let at_host = document.url.as_deref().map(|url| (url, self.of_host(url)));
        let of_address = || match at_host? {
            (url, of_host) if is_plain(url) => of_host,
            _ => declared(document).map(|name| self.names.number(name)),
        };
        let found = match named.or_else(of_address) {
            Some(number) => (number, true),
            None => (self.names.number(folder_of(document)), false),
        };
        self.of_documents.push(found);
    }

    fn of_source(&mut self, name: &str) -> Option<u32> {
        if let Some(&known) = self.of_sources.get(name) {
            return known;
        }
        let number = source::explicit(name).map(|name| self.names.number(name));
        self.of_sources.insert(name.to_owned(), number);
        number
    }

    /// The publisher of a page that is [plain](is_plain).
    fn of_host(&mut self, url: &str) -> Option<u32> {
        let host = host(url);
        if let Some(&known) = self.of_hosts.get(host) {
            return known;
        }
        let number = registrable_domain(host).map(|name| self.names.number(name));
        self.of_hosts.insert(host.to_owned(), number);
        number
    }
}

/// Whether the host of an address alone tells whose it is: its path holds no other
/// address, and it is no name with points (`com.example.app`).
fn is_plain(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://")) && !address::may_hold_another(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Corpus;

    #[test]
    fn what_is_remembered_of_names_and_hosts_is_what_a_document_alone_declares() {
        let sources =
            [None, Some("Example"), Some("https://www.example.com/feed"), Some(" "), Some("rec.autos")];
        let urls = [
            None,
            Some("https://www.a.example/one"),
            Some("https://www.a.example/two?u=http://b.example"),
            Some("https://www.a.example/http-2/one"),
            Some("https://web.archive.org/web/20260511090000/https://www.a.example/one"),
            Some("https://web.archive.org/"),
            Some("https://www.google.com/amp/s/www.a.example/one"),
            Some("https://www.google.com/amps/one"),
            Some("https://www-a-example.cdn.ampproject.org/c/s/www.a.example/one"),
            Some("http://a.example"),
            Some(" https://www.a.example/one"),
            Some("https://www.a.example?one#two"),
            Some("https://co.uk/one"),
            Some("com.example.app/one"),
            Some("mailto:desk@a.example"),
            Some(""),
        ];
        let pairs = sources.iter().flat_map(|source| urls.iter().map(move |url| (*source, *url)));
        let documents =
            (0..4).flat_map(|_| pairs.clone()).enumerate().map(|(number, (source, url))| Document {
                id: format!("{number:04}"),
                source: source.map(str::to_owned),
                url: url.map(str::to_owned),
                path: "x/y".into(),
                ..Document::default()
            });
        let corpus = Corpus::try_new(documents.collect()).unwrap();
        let publishers = Publishers::new((&corpus).into());
        let mut named = outlet::Publishers::default();
        let mut numbers: HashMap<String, u32> = HashMap::new();
        for (number, document) in corpus.documents().iter().enumerate() {
            let (id, declared) = (DocId::new(number), declared(document));
            named.add(document);
            assert_eq!(
                publishers.declared(id),
                declared.as_deref(),
                "{:?} {:?}",
                document.source,
                document.url
            );
            let name = declared.unwrap_or_else(|| folder_of(document));
            assert_eq!(*numbers.entry(name).or_insert(publishers.of(id)), publishers.of(id));
        }
        assert_eq!(publishers.named, named);
    }
}
