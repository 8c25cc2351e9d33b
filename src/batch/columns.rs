//! Columns of a batch, by name and type.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{
    Array, BinaryArray, BooleanArray, Int64Array, LargeBinaryArray, LargeStringArray, RecordBatch,
    StringArray,
};
use arrow_schema::DataType;

use crate::document::DocId;
use crate::error::Error;

/// A batch whose columns are asked for by name.
#[derive(Clone, Copy)]
pub(super) struct Columns<'b>(pub(super) &'b RecordBatch);

/// Texts, with offsets of either width.
pub(super) enum Texts<'b> {
    Short(&'b StringArray),
    Long(&'b LargeStringArray),
    /// The column is missing.
    None,
}

/// Bytes, with offsets of either width.
pub(super) enum Bytes<'b> {
    Short(&'b BinaryArray),
    Long(&'b LargeBinaryArray),
}

impl<'b> Texts<'b> {
    /// The text of a row, if it has one.
    pub(super) fn at(&self, row: usize) -> Option<&'b str> {
        match self {
            Self::Short(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Long(array) => array.is_valid(row).then(|| array.value(row)),
            Self::None => None,
        }
    }

    /// The same, as an owned text.
    pub(super) fn owned(&self, row: usize) -> Option<String> {
        self.at(row).map(str::to_owned)
    }
}

impl<'b> Bytes<'b> {
    /// The bytes of a row, if it has some.
    pub(super) fn at(&self, row: usize) -> Option<&'b [u8]> {
        match self {
            Self::Short(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Long(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

impl<'b> Columns<'b> {
    /// How many rows there are.
    pub(super) fn len(self) -> usize {
        self.0.num_rows()
    }

    fn of(self, name: &'static str) -> Result<&'b dyn Array, Error> {
        let column = self.0.column_by_name(name).map(AsRef::as_ref);
        column.ok_or_else(|| Error::param("column", name.to_owned(), "among those of the rows".to_owned()))
    }

    /// Whole numbers that may be missing.
    pub(super) fn numbers(self, name: &'static str) -> Result<&'b Int64Array, Error> {
        let column = self.of(name)?;
        column.as_primitive_opt::<Int64Type>().ok_or_else(|| wrong(name, column, "long (int64)"))
    }

    /// Documents, none of which is missing.
    pub(super) fn documents(self, name: &'static str) -> Result<Vec<DocId>, Error> {
        let numbers = self.numbers(name)?;
        let document = |number: Option<i64>| {
            let number = number.and_then(|number| u32::try_from(number).ok()).map(DocId::from);
            let cure = || "numbers of documents, from 0 to 2^32 - 1".to_owned();
            number.ok_or_else(|| Error::param("column", name.to_owned(), cure()))
        };
        numbers.iter().map(document).collect()
    }

    /// Keys, which are the bits of the numbers.
    pub(super) fn keys(self, name: &'static str) -> Result<&'b [i64], Error> {
        Ok(self.numbers(name)?.values())
    }

    /// Yes or no.
    pub(super) fn flags(self, name: &'static str) -> Result<&'b BooleanArray, Error> {
        let column = self.of(name)?;
        column.as_boolean_opt().ok_or_else(|| wrong(name, column, "boolean"))
    }

    /// Texts.
    pub(super) fn texts(self, name: &'static str) -> Result<Texts<'b>, Error> {
        let column = self.of(name)?;
        Self::texts_of(column).ok_or_else(|| wrong(name, column, "string"))
    }

    /// The texts of a column that has some.
    pub(super) fn texts_of(column: &dyn Array) -> Option<Texts<'_>> {
        let short = column.as_string_opt::<i32>().map(Texts::Short);
        let found = short.or_else(|| column.as_string_opt::<i64>().map(Texts::Long));
        // A column that is nothing throughout has no type of its own.
        found.or_else(|| (column.data_type() == &DataType::Null).then_some(Texts::None))
    }

    /// Texts of a column that need not be there.
    pub(super) fn texts_if_any(self, name: &'static str) -> Result<Texts<'b>, Error> {
        if self.0.column_by_name(name).is_none() { Ok(Texts::None) } else { self.texts(name) }
    }

    /// Bytes.
    pub(super) fn bytes(self, name: &'static str) -> Result<Bytes<'b>, Error> {
        let column = self.of(name)?;
        let short = column.as_binary_opt::<i32>().map(Bytes::Short);
        let found = short.or_else(|| column.as_binary_opt::<i64>().map(Bytes::Long));
        found.ok_or_else(|| wrong(name, column, "binary"))
    }

    /// Whole numbers of a column that need not be there.
    pub(super) fn numbers_if_any(self, name: &'static str) -> Result<Option<&'b Int64Array>, Error> {
        if self.0.column_by_name(name).is_none() { Ok(None) } else { self.numbers(name).map(Some) }
    }

    /// Yes or no, of a column that need not be there.
    pub(super) fn flags_if_any(self, name: &'static str) -> Result<Option<&'b BooleanArray>, Error> {
        if self.0.column_by_name(name).is_none() { Ok(None) } else { self.flags(name).map(Some) }
    }
}

fn wrong(name: &'static str, column: &dyn Array, wanted: &str) -> Error {
    Error::param("column", format!("{name} of {}", column.data_type()), format!("of {wanted}"))
}
