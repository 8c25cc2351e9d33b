//! The native half of the Python module `wirecopy`: batches in, batches out.
//!
//! Arrow hands batches over without a copy. Nothing is decided here: steps are
//! those of [`crate::batch`], and parameters are checked where the command checks
//! them. No panic crosses the border: it becomes a `Fault`, after which the step
//! is over. The interpreter is let go while a step works.

// The macros of PyO3 write the functions that the interpreter calls.
#![allow(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use arrow_pyarrow::{PyArrowType, ToPyArrow};
use pyo3::create_exception;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::batch::{self, Settings};
use crate::cli;
use crate::error::Error;

create_exception!(wirecopy._core, Fault, PyRuntimeError, "What a call says whose code failed.");

/// A panic in the words of Python.
fn fault(panic: &(dyn std::any::Any + Send)) -> PyErr {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
    Fault::new_err(format!("a fault in wirecopy, please report it: {text}"))
}

/// Works without the interpreter, behind a guard.
fn guarded<T: Send>(python: Python<'_>, work: impl FnOnce() -> Result<T, Error> + Send) -> PyResult<T> {
    let outcome = python.detach(|| catch_unwind(AssertUnwindSafe(work)));
    match outcome {
        Ok(result) => result.map_err(|error| PyValueError::new_err(error.to_string())),
        Err(panic) => Err(fault(panic.as_ref())),
    }
}

/// One stage over the rows of one partition.
#[pyclass(module = "wirecopy._core")]
struct Step {
    /// Nothing after a fault.
    step: Option<Box<dyn batch::Step>>,
}

impl Step {
    fn run(
        &mut self,
        python: Python<'_>,
        work: impl FnOnce(&mut dyn batch::Step) -> Result<Vec<RecordBatch>, Error> + Send,
    ) -> PyResult<Vec<PyArrowType<RecordBatch>>> {
        let over = || PyRuntimeError::new_err("this step is over after a fault; begin a new one");
        let mut step = self.step.take().ok_or_else(over)?;
        let (step, batches) = guarded(python, move || {
            let batches = work(step.as_mut())?;
            Ok((step, batches))
        })?;
        self.step = Some(step);
        Ok(batches.into_iter().map(PyArrowType).collect())
    }
}

#[pymethods]
impl Step {
    #[new]
    #[pyo3(signature = (name, params = "{}", settings = "{}", words = None))]
    fn new(
        python: Python<'_>,
        name: &str,
        params: &str,
        settings: &str,
        words: Option<Vec<u8>>,
    ) -> PyResult<Self> {
        let step = guarded(python, || batch::step(name, Settings::try_new(params, settings, words)?))?;
        Ok(Self { step: Some(step) })
    }

    /// The columns of what it gives.
    #[getter]
    fn schema<'py>(&self, python: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match &self.step {
            Some(step) => step.schema().as_ref().to_pyarrow(python),
            None => Err(PyRuntimeError::new_err("this step is over")),
        }
    }

    /// Takes the next rows and gives what is ready.
    fn push(
        &mut self,
        python: Python<'_>,
        rows: PyArrowType<RecordBatch>,
    ) -> PyResult<Vec<PyArrowType<RecordBatch>>> {
        self.run(python, |step| step.push(&rows.0))
    }

    /// Gives what the end of the partition makes ready.
    fn finish(&mut self, python: Python<'_>) -> PyResult<Vec<PyArrowType<RecordBatch>>> {
        self.run(python, |step| step.finish())
    }

    /// Gives some of what is ready beside; to be called until it gives nothing.
    fn more(&mut self, python: Python<'_>) -> PyResult<Vec<PyArrowType<RecordBatch>>> {
        self.run(python, |step| step.more())
    }
}

/// The names of all steps.
#[pyfunction]
fn step_names() -> Vec<&'static str> {
    batch::NAMES.to_vec()
}

/// The complete parameters that an object of JSON gives, checked.
#[pyfunction]
fn params(python: Python<'_>, params: &str) -> PyResult<String> {
    guarded(python, || {
        let params = batch::params_of(params)?;
        Ok(serde_json::to_string(&params).expect("parameters are an object of JSON"))
    })
}

/// What options of `wirecopy scan` ask for, as JSON.
#[pyfunction]
fn asked(python: Python<'_>, options: Vec<String>) -> PyResult<String> {
    guarded(python, || {
        let asked = cli::asked::asked(&options)?;
        Ok(serde_json::to_string(&asked).expect("what is asked for is an object of JSON"))
    })
}

/// Which documents the words of a collection are counted in.
#[pyfunction]
fn noise_sample(documents: usize, bytes: usize) -> [usize; 2] {
    batch::noise_sample(documents, bytes)
}

/// The words of these documents, counted, as bytes.
#[pyfunction]
fn noise_words<'py>(
    python: Python<'py>,
    sample: Vec<PyArrowType<RecordBatch>>,
    documents: usize,
    bytes: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let sample: Vec<RecordBatch> = sample.into_iter().map(|batch| batch.0).collect();
    let words = guarded(python, || batch::noise_words(&sample, documents, bytes))?;
    Ok(PyBytes::new(python, &words))
}

/// Whether a collection of so many bytes of text, with these sums, was scanned.
#[pyfunction]
fn is_scanned(python: Python<'_>, words: u64, misread: u64, bytes: usize, params: &str) -> PyResult<bool> {
    guarded(python, || Ok(batch::is_scanned((words, misread), bytes, &batch::params_of(params)?)))
}

/// Whether letters of all documents are sampled.
#[pyfunction]
fn needs_letters(noisy: usize, documents: usize) -> bool {
    batch::needs_letters(noisy, documents)
}

/// A table of a report for Python: its name, columns and rows.
type Table<'py> = (&'static str, Bound<'py, PyAny>, Vec<PyArrowType<RecordBatch>>);

fn handed_over<'py>(python: Python<'py>, tables: Vec<batch::Named>) -> PyResult<Vec<Table<'py>>> {
    let table = |(name, schema, batches): batch::Named| {
        let batches = batches.into_iter().map(PyArrowType).collect();
        Ok((name, schema.as_ref().to_pyarrow(python)?, batches))
    };
    tables.into_iter().map(table).collect()
}

/// The tables of the report on the files that paths name.
#[pyfunction]
fn scan_paths<'py>(
    python: Python<'py>,
    paths: Vec<String>,
    params: &str,
    settings: &str,
) -> PyResult<Vec<Table<'py>>> {
    let tables = guarded(python, || batch::scan_paths(&paths, params, settings))?;
    handed_over(python, tables)
}

/// The tables of the report on the documents that rows are.
#[pyfunction]
fn scan_rows<'py>(
    python: Python<'py>,
    rows: Vec<PyArrowType<RecordBatch>>,
    params: &str,
    settings: &str,
) -> PyResult<Vec<Table<'py>>> {
    let rows: Vec<RecordBatch> = rows.into_iter().map(|batch| batch.0).collect();
    let tables = guarded(python, || batch::scan_rows(&rows, params, settings))?;
    handed_over(python, tables)
}

/// The table of parameters of a report.
#[pyfunction]
fn params_table<'py>(python: Python<'py>, params: &str) -> PyResult<Table<'py>> {
    let table = guarded(python, || batch::params_table(params))?;
    Ok(handed_over(python, vec![table])?.remove(0))
}

/// The columns of a table of reports, by its name.
#[pyfunction]
fn table_schema<'py>(python: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let schema = guarded(python, || batch::schema_by_name(name))?;
    schema.as_ref().to_pyarrow(python)
}

/// The native half of `wirecopy`.
#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Step>()?;
    module.add("Fault", module.py().get_type::<Fault>())?;
    module.add_function(wrap_pyfunction!(step_names, module)?)?;
    module.add_function(wrap_pyfunction!(params, module)?)?;
    module.add_function(wrap_pyfunction!(asked, module)?)?;
    module.add_function(wrap_pyfunction!(noise_sample, module)?)?;
    module.add_function(wrap_pyfunction!(noise_words, module)?)?;
    module.add_function(wrap_pyfunction!(is_scanned, module)?)?;
    module.add_function(wrap_pyfunction!(needs_letters, module)?)?;
    module.add_function(wrap_pyfunction!(scan_paths, module)?)?;
    module.add_function(wrap_pyfunction!(scan_rows, module)?)?;
    module.add_function(wrap_pyfunction!(params_table, module)?)?;
    module.add_function(wrap_pyfunction!(table_schema, module)?)?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))
}
