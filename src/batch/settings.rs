//! What a step is told beside its rows.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::error::Error;
use crate::params::Params;
use crate::read::ReadOptions;

/// The parameters of detection, and what the collection as a whole says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What decides results.
    #[serde(skip)]
    pub params: Params,
    /// Documents that are compared, for what rests on their number.
    pub documents: usize,
    /// What grams are of: `triples` or `letters`.
    pub of: String,
    /// Ids that a new one must not be.
    pub taken: Vec<String>,
    /// Publishers of the collection.
    pub outlets: Vec<String>,
    /// Bytes that a document may have; the default of reading if it is 0.
    pub max_document_bytes: u64,
    /// Where the fields of records are found: `text=article.body`.
    pub fields: Vec<String>,
    /// Publishers with their hosts and names.
    pub families: BTreeMap<String, Vec<String>>,
    /// Files of the other side, as rows name them.
    pub against: Vec<String>,
    /// Threads of a step that has a whole collection; one if it is 0.
    pub threads: usize,
    /// Bytes of memory that such a step keeps to; as many as it needs if it is 0.
    pub memory_bytes: u64,
    /// Where it puts what does not fit; the folder of the system if it is empty.
    pub temp_dir: String,
    /// What [`super::noise_words`] gave.
    #[serde(skip)]
    pub words: Option<Vec<u8>>,
}

impl Settings {
    /// Of `params` and the rest as JSON.
    ///
    /// # Errors
    ///
    /// A name that is none, and a value of another type or out of its range.
    pub fn try_new(params: &str, others: &str, words: Option<Vec<u8>>) -> Result<Self, Error> {
        Ok(Self { params: params_of(params)?, words, ..Self::try_others(others)? })
    }

    /// Refuses limits on pairs, which need the whole of a collection.
    pub(super) fn without_limits(self) -> Result<Self, Error> {
        let Params { against, across_sources_only, within_s, .. } = self.params;
        if against || across_sources_only || within_s.is_some() {
            let cure = "left out of single steps: limits on pairs are for whole collections, with scan";
            return Err(Error::param("limit", "set".to_owned(), cure.to_owned()));
        }
        Ok(self)
    }

    /// What is told beside the parameters, as JSON.
    pub(super) fn try_others(others: &str) -> Result<Self, Error> {
        serde_json::from_str(others)
            .map_err(|error| Error::param("settings", others.to_owned(), error.to_string()))
    }

    /// How documents are read.
    pub(super) fn read_options(&self) -> Result<ReadOptions, Error> {
        let mut options = ReadOptions::default();
        if self.max_document_bytes > 0 {
            options.max_document_bytes = self.max_document_bytes;
        }
        for setting in &self.fields {
            let range = || "FIELD=PATH, such as text=article.body".to_owned();
            let (field, path) =
                setting.split_once('=').ok_or_else(|| Error::param("field", setting.clone(), range()))?;
            options.fields.try_set(field, path)?;
        }
        for (name, members) in &self.families {
            options.families.try_add(name, members.iter().map(String::as_str))?;
        }
        Ok(options)
    }
}

/// The names of the parameters, as a report has them.
const NAMES: [&str; 14] = [
    "level",
    "shingle_len",
    "num_hashes",
    "min_jaccard",
    "min_containment",
    "min_derived",
    "min_passage_tokens",
    "min_repeat_tokens",
    "noise",
    "count",
    "against",
    "within_s",
    "across_sources_only",
    "agencies",
];

/// The parameters that an object of JSON gives, the others being the defaults.
/// Names are those of a report; `-` is taken for `_`, as options are typed.
///
/// # Errors
///
/// What is no object, a name that is none, and a value of another type or out
/// of its range.
pub fn params_of(json: &str) -> Result<Params, Error> {
    let wrong = |error: &dyn std::fmt::Display| Error::param("params", json.to_owned(), error.to_string());
    let given: Value = serde_json::from_str(json).map_err(|error| wrong(&error))?;
    let Value::Object(given) = given else { return Err(wrong(&"an object of names and values")) };
    let Ok(Value::Object(mut all)) = serde_json::to_value(Params::default()) else {
        unreachable!("parameters are an object of JSON")
    };
    for (name, value) in given {
        let name = name.replace('-', "_");
        if !NAMES.contains(&name.as_str()) {
            return Err(Error::param("parameter", name, format!("one of {}", NAMES.join(", "))));
        }
        all.insert(name, value);
    }
    let mut params: Params = serde_json::from_value(Value::Object(all)).map_err(|error| wrong(&error))?;
    params.count.sort_unstable();
    params.count.dedup();
    params.validate()?;
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_the_defaults_but_for_what_is_given() {
        assert_eq!(params_of("{}").unwrap(), Params::default());
        let given = r#"{"min-jaccard": 0.7, "level": "documents", "count": ["template", "quotation"]}"#;
        let params = params_of(given).unwrap();
        assert_eq!((params.min_jaccard, params.count.len()), (0.7, 2));
        assert!(params.count.is_sorted());
        assert_eq!(params_of(&serde_json::to_string(&params).unwrap()).unwrap(), params);
    }

    #[test]
    fn parameters_are_refused_with_the_words_of_the_command() {
        let cases = [
            (r#"{"min_jaccard": 0}"#, "min-jaccard is 0, but must be above 0 and at most 1"),
            (r#"{"shingle_len": 0}"#, "shingle-len is 0, but must be 1 to 64"),
            (r#"{"min_jacard": 0.5}"#, "parameter is min_jacard, but must be one of level, shingle_len"),
            (r#"{"level": "words"}"#, "params is {\"level\": \"words\"}, but must be"),
            ("[]", "params is [], but must be an object"),
            ("{", "params is {, but must be"),
        ];
        for (given, message) in cases {
            let error = params_of(given).unwrap_err().to_string();
            assert!(error.starts_with(message), "{given}: {error}");
        }
        let limited = Settings::try_new(r#"{"within_s": 3600}"#, "{}", None).unwrap();
        let limited = limited.without_limits().unwrap_err().to_string();
        assert!(limited.contains("limits on pairs are for whole collections"), "{limited}");
    }
}
