//! Files or lines of a whole collection → the tables of the report.
//!
//! What one machine tells in the time that an engine needs to begin its stages
//! is not worth cutting up: rows are read as by `extract`, and the end of the
//! partition is a scan, [`pipeline::scan_streamed`], limits on pairs and all. Texts
//! are held up to a part of the memory that is given, and are in a temporary
//! file beyond; the findings are the same. Tables are handed on as files of Parquet
//! ([`super::files`]), made by a thread of their own that waits for each to be taken.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::extract::Reader;
use super::files::{FILES, Files};
use super::{Settings, Step, rows};
use crate::collection::Collection;
use crate::document::Skipped;
use crate::error::Error;
use crate::params::Params;
use crate::pipeline;
use crate::report::{DocumentEntry, Report};
use crate::spill::entries::Lists;
use crate::spill::gathered::{Allowance, Documents, Gathered};

/// Entries of a list of the report that become rows together.
const ENTRIES: usize = 4096;

/// Batches that wait to be taken.
const WAITING: usize = 1;

/// Tables that come of an entry of `documents`, and so on.
const OF_DOCUMENTS: &[&str] = &["documents"];
const OF_REPEATS: &[&str] = &["repeats"];
const OF_GROUPS: &[&str] = &["exact_groups"];
const OF_PAIRS: &[&str] = &["pairs", "passages"];
const OF_CLUSTERS: &[&str] = &["clusters", "members"];
const OF_PARAMS: &[&str] = &["params"];
const OF_THE_REST: &[&str] = &["publishers", "sources", "skipped"];

/// `scan`: see [`super`].
pub(super) struct Scan {
    reader: Reader,
    work: Option<Work>,
    schema: SchemaRef,
    /// A step can be shared, and the end of a channel cannot.
    telling: Mutex<Option<Telling>>,
}

/// What was read so far, and how it will be told.
struct Work {
    params: Params,
    threads: usize,
    gathered: Gathered,
    skipped: Vec<Skipped>,
}

/// The thread that tells, and where its batches come from.
struct Telling {
    batches: Receiver<RecordBatch>,
    thread: JoinHandle<Result<(), Error>>,
}

impl Scan {
    pub(super) fn try_new(settings: Settings) -> Result<Self, Error> {
        let reader = Reader::try_new(&settings)?;
        let folder = match settings.temp_dir.as_str() {
            "" => std::env::temp_dir(),
            folder => PathBuf::from(folder),
        };
        let allowance = match settings.memory_bytes {
            0 => Allowance::Unlimited,
            budget => Allowance::UpTo(budget, folder),
        };
        let work = Work {
            params: settings.params,
            threads: settings.threads.max(1),
            gathered: Gathered::new(allowance),
            skipped: Vec::new(),
        };
        Ok(Self { reader, work: Some(work), schema: rows::schema(FILES), telling: Mutex::default() })
    }
}

impl Step for Scan {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<Vec<RecordBatch>, Error> {
        let work = self.work.as_mut().expect("rows come before the end");
        self.reader.read(batch, |documents, skipped| {
            work.gathered.extend(documents);
            work.skipped.extend(skipped);
        })?;
        work.gathered.check()?;
        Ok(Vec::new())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let work = self.work.take().expect("a partition has one end");
        let (outlet, batches) = sync_channel(WAITING);
        let thread = std::thread::spawn(move || work.tell(outlet));
        self.telling = Mutex::new(Some(Telling { batches, thread }));
        Ok(Vec::new())
    }

    fn more(&mut self) -> Result<Vec<RecordBatch>, Error> {
        let telling = self.telling.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(batch) = telling.as_ref().and_then(|telling| telling.batches.recv().ok()) {
            return Ok(vec![batch]);
        }
        match telling.take().map(|telling| telling.thread.join()) {
            None => Ok(Vec::new()),
            Some(Ok(told)) => told.map(|()| Vec::new()),
            // Whoever called hears of it as of a fault of this step.
            Some(Err(panic)) => std::panic::resume_unwind(panic),
        }
    }
}

impl Work {
    fn tell(self, outlet: SyncSender<RecordBatch>) -> Result<(), Error> {
        let Self { params, threads, gathered, skipped } = self;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool =
            pool.map_err(|error| Error::param("threads", threads.to_string(), format!("few: {error}")))?;
        let scan =
            |corpus: Collection<'_>| pool.install(|| pipeline::scan_streamed(corpus, &params, None, &()));
        let mut files = Files::new(outlet);
        files.tell(OF_PARAMS, &Report::empty(params.clone()))?;
        match gathered.finish(skipped)? {
            Documents::Held(corpus) => {
                let (report, _) = scan((&corpus).into())?;
                drop(corpus);
                let lists = [OF_DOCUMENTS, OF_REPEATS, OF_GROUPS, OF_PAIRS, OF_CLUSTERS, OF_THE_REST];
                lists.into_iter().try_for_each(|tables| files.tell(tables, &report))
            }
            Documents::Spooled(corpus) => {
                let (report, lists) = scan((&corpus).into())?;
                drop(corpus);
                files.tell(OF_THE_REST, &report)?;
                lists.map_or(Ok(()), |lists| tell_lists(&mut files, &params, &lists))
            }
        }
    }
}

/// Tells the rows of lists that are outside of memory, some entries at a time.
fn tell_lists(files: &mut Files, params: &Params, lists: &Lists) -> Result<(), Error> {
    let empty = || Report::empty(params.clone());
    let named = Named::of(lists);
    for documents in chunks(lists.documents.iter(), |_, _| true) {
        files.push(OF_DOCUMENTS, &Report { documents, ..empty() })?;
    }
    files.close(OF_DOCUMENTS)?;
    // Repeats of one document are numbered together.
    for repeats in chunks(lists.repeats.iter(), |one, next| one.document != next.document) {
        files.push(OF_REPEATS, &Report { repeats, ..empty() })?;
    }
    files.close(OF_REPEATS)?;
    for exact_groups in chunks(lists.exact_groups.iter(), |_, _| true) {
        files.push(OF_GROUPS, &Report { exact_groups, ..empty() })?;
    }
    files.close(OF_GROUPS)?;
    for pairs in chunks(lists.pairs.iter(), |_, _| true) {
        let documents = named.documents(pairs.iter().flat_map(|pair| [&pair.a, &pair.b]));
        files.push(OF_PAIRS, &Report { documents, pairs, ..empty() })?;
    }
    files.close(OF_PAIRS)?;
    for clusters in chunks(lists.clusters.iter(), |_, _| true) {
        let members = clusters.iter().flat_map(|cluster| &cluster.members);
        let documents = named.documents(members.map(|member| &member.document));
        files.push(OF_CLUSTERS, &Report { documents, clusters, ..empty() })?;
    }
    files.close(OF_CLUSTERS)?;
    lists.check()
}

/// The documents that pairs and members of clusters name, whose publishers and
/// titles stand in their rows.
struct Named(HashMap<String, DocumentEntry>);

impl Named {
    fn of(lists: &Lists) -> Self {
        let members = lists.clusters.iter().flat_map(|cluster| cluster.members);
        let mut ids: HashSet<String> = members.map(|member| member.document).collect();
        ids.extend(lists.pairs.iter().flat_map(|pair| [pair.a, pair.b]));
        let documents = lists.documents.iter().filter(|document| ids.contains(&document.id));
        let about = |document: DocumentEntry| DocumentEntry { credits: Vec::new(), ..document };
        Self(documents.map(|document| (document.id.clone(), about(document))).collect())
    }

    /// Those of them with these ids, each once.
    fn documents<'i>(&self, ids: impl Iterator<Item = &'i String>) -> Vec<DocumentEntry> {
        let mut ids: Vec<&String> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().filter_map(|id| self.0.get(id).cloned()).collect()
    }
}

/// Entries by some thousands, cut between two where that may be.
fn chunks<T>(
    entries: impl Iterator<Item = T>,
    may_cut: impl Fn(&T, &T) -> bool,
) -> impl Iterator<Item = Vec<T>> {
    let mut entries = entries.peekable();
    std::iter::from_fn(move || {
        let mut chunk: Vec<T> = Vec::new();
        while let Some(entry) = entries
            .next_if(|next| chunk.len() < ENTRIES || chunk.last().is_some_and(|last| !may_cut(last, next)))
        {
            chunk.push(entry);
        }
        (!chunk.is_empty()).then_some(chunk)
    })
}
