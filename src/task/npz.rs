//! A user's data as NumPy arrays: `x_train`, `y_train`, `x_test` and `y_test`, or `x` and `y`.
//!
//! They are in one file (`.npz`), or in a file each (`.npy`), side by side. The first dimension of `x` is for rows; with
//! two more, the inputs have the shape of an image. `y` has the number of the class of each row, or a row of outputs 0
//! and 1. Rows of `x_test` are for validation.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use super::canonical::Contradiction;
use super::classes::Classes;
use super::csv_rows::scaled;
use super::npy::{Array, ArrayProblem};
use super::rows::is_bit;
use super::samples::Collector;
use super::table::{Content, Misfit};
use super::table_error::{TableError, TablePosition, TableProblem};
use super::table_options::TableOptions;
use super::{MAX_VALUES, Rows, Shape, TableSource, text};
use crate::archive::{self, Entry};

/// The largest archive that is read, in bytes.
const MAX_FILE: u64 = 2 << 30;

/// The largest class number; all integers up to it are exact.
const MAX_CLASS: f64 = 1e15;

/// Reads a table from arrays.
pub(super) fn read(path: &Path, options: &TableOptions) -> Result<TableSource, TableError> {
    let (file, name) = text::names_of(path);
    let at = |problem: TableProblem| problem.at(&file, TablePosition::default());
    options.check().map_err(at)?;
    let is_archive = path.extension().is_some_and(|extension| extension == "npz");
    let table = if is_archive { in_archive(path, &name, options) } else { in_files(path, &name, options) };
    table.map_err(at)
}

/// Reads a table from an archive.
fn in_archive(path: &Path, name: &str, options: &TableOptions) -> Result<TableSource, TableProblem> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|open| open.take(MAX_FILE + 1).read_to_end(&mut bytes));
    read.map_err(|error| TableProblem::of_io(&error))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(TableProblem::TooManyValues);
    }
    let entries = archive::entries(&bytes).map_err(TableProblem::NotAnArchive)?;
    let arrays = entries.iter().filter_map(|(name, entry)| Some((name.strip_suffix(".npy")?.to_lowercase(), *entry)));
    table(name, &Arrays::Archive(arrays.collect()), options)
}

/// Reads a table from files, given that of `x`.
fn in_files(path: &Path, name: &str, options: &TableOptions) -> Result<TableSource, TableProblem> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    let mut files = BTreeMap::from([(stem.clone(), path.to_owned())]);
    for other in ["y_train", "x_test", "y_test", "y"].into_iter().filter(|_| matches!(&*stem, "x_train" | "x")) {
        let path = path.with_file_name(format!("{other}.npy"));
        if path.exists() {
            files.insert(other.to_owned(), path);
        }
    }
    table(name, &Arrays::Files(files), options)
}

/// Where arrays are, by their names in lower case.
enum Arrays<'a> {
    Archive(BTreeMap<String, Entry<'a>>),
    Files(BTreeMap<String, PathBuf>),
}

impl Arrays<'_> {
    fn has(&self, name: &str) -> bool {
        match self {
            Self::Archive(entries) => entries.contains_key(name),
            Self::Files(files) => files.contains_key(name),
        }
    }

    fn open(&self, name: &'static str) -> Result<Array<Box<dyn Read + '_>>, TableProblem> {
        let (reader, size): (Box<dyn Read>, u64) = match self {
            Self::Archive(entries) => {
                let entry = entries.get(name).ok_or_else(|| ArrayProblem::Missing.of(name))?;
                (entry.reader(), entry.size)
            }
            Self::Files(files) => {
                let path = files.get(name).ok_or_else(|| ArrayProblem::Missing.of(name))?;
                let open = File::open(path).and_then(|open| Ok((open.metadata()?.len(), open)));
                let (size, open) = open.map_err(|error| TableProblem::of_io(&error))?;
                (Box::new(BufReader::new(open)), size)
            }
        };
        Array::open(reader, size).map_err(|problem| problem.of(name))
    }
}

impl ArrayProblem {
    fn of(self, name: &'static str) -> TableProblem {
        TableProblem::Array { name, problem: Box::new(self) }
    }
}

/// Reads the arrays of a table called `name`.
fn table(name: &str, arrays: &Arrays<'_>, options: &TableOptions) -> Result<TableSource, TableProblem> {
    let has_columns = options.label.is_some() || !options.outputs.is_empty();
    if has_columns || options.validation.is_some() || options.split_column.is_some() {
        return Err(TableProblem::NoColumns);
    }
    let parts: &[[&'static str; 2]] = match (arrays.has("x_train"), arrays.has("x_test") || arrays.has("y_test")) {
        (true, true) => &[["x_train", "y_train"], ["x_test", "y_test"]],
        (true, false) => &[["x_train", "y_train"]],
        (false, _) => &[["x", "y"]],
    };
    let mut pairs = Pairs::default();
    for names in parts {
        pairs.read(arrays, *names, options)?;
    }
    let before = pairs.starts.get(1).copied();
    let places = pairs.starts.clone();
    let content = pairs.content(options, before)?;
    TableSource::of(name, content).map_err(|misfit| match misfit {
        Misfit::Problem(problem) => problem,
        Misfit::Contradiction(pair) => contradiction(parts, &places, &pair),
    })
}

/// The error for two rows that contradict each other.
fn contradiction(parts: &[[&str; 2]], starts: &[usize], pair: &Contradiction) -> TableProblem {
    let place = |row: usize| {
        let part = starts.iter().rposition(|&start| start <= row).unwrap_or(0);
        format!("{}[{}]", parts[part][0], row - starts[part])
    };
    TableProblem::ContradictingRows { first: place(pair.contradicts), second: place(pair.row) }
}

/// Collects rows of pairs of arrays.
#[derive(Default)]
struct Pairs {
    /// The number of rows before each pair.
    starts: Vec<usize>,
    rows: usize,
    /// The numbers of inputs and outputs of a row; no outputs if there are classes.
    widths: Option<(usize, Option<usize>)>,
    shape: Option<Shape>,
    inputs: Option<Collector>,
    outputs: Vec<f32>,
    classes: Classes,
}

impl Pairs {
    fn read(
        &mut self,
        arrays: &Arrays<'_>,
        names: [&'static str; 2],
        options: &TableOptions,
    ) -> Result<(), TableProblem> {
        let (x, y) = (arrays.open(names[0])?, arrays.open(names[1])?);
        for (array, name, dimensions) in [(&x, names[0], 1..=4), (&y, names[1], 1..=2)] {
            if !dimensions.contains(&array.shape.len()) {
                return Err(ArrayProblem::Dimensions(array.shape.len()).of(name));
            }
        }
        let (rows, width) = (x.rows(), x.width());
        if y.rows() != rows {
            let (found, other) = (y.rows(), names[0]);
            return Err(ArrayProblem::Rows { found, other, expected: rows }.of(names[1]));
        }
        let bits = Some(y.width()).filter(|&bits| bits > 1);
        let (inputs, outputs) = *self.widths.get_or_insert((width, bits));
        for (name, found, expected) in [(names[0], width, inputs), (names[1], y.width(), outputs.unwrap_or(1))] {
            if found != expected {
                let other = if name.starts_with('x') { "x_train" } else { "y_train" };
                return Err(ArrayProblem::Width { found, other, expected }.of(name));
            }
        }
        if (self.rows + rows).saturating_mul(width + y.width()) > MAX_VALUES {
            return Err(TableProblem::TooManyValues);
        }
        if let [_, height, width] | [_, height, width, 1] = x.shape[..] {
            self.shape = Some(Shape { height, width });
        }
        let collector = self.inputs.get_or_insert_with(|| Collector::new(width));
        let scale = options.scale.unwrap_or(1.0);
        let read = x.each(|index, value| {
            #[expect(clippy::cast_possible_truncation, reason = "what is out of range becomes infinite")]
            let value = scaled(value as f32 + 0.0, scale).ok_or(ArrayProblem::NotFinite(index / width))?;
            collector.push(value);
            Ok(())
        });
        read.map_err(|problem| problem.of(names[0]))?;
        let read = y.each(|index, value| match bits {
            None if value.fract() == 0.0 && value.abs() <= MAX_CLASS => {
                let class = self.classes.push(&(value + 0.0).to_string());
                class.map_err(|problem| ArrayProblem::Classes(problem.to_string()))
            }
            None => Err(ArrayProblem::NotAClass(index)),
            #[expect(clippy::cast_possible_truncation, reason = "0 and 1 are kept")]
            Some(_) if is_bit(value as f32) => {
                self.outputs.push(value as f32);
                Ok(())
            }
            Some(bits) => Err(ArrayProblem::NotABit(index / bits)),
        });
        read.map_err(|problem| problem.of(names[1]))?;
        self.starts.push(self.rows);
        self.rows += rows;
        Ok(())
    }

    /// Everything that was read; rows from `validation` on are for validation.
    fn content(self, options: &TableOptions, validation: Option<usize>) -> Result<Content, TableProblem> {
        let (width, bits) = self.widths.unwrap_or_default();
        let (outputs, values) = match bits {
            None => self.classes.outputs("y")?,
            Some(bits) => ((1..=bits).map(|output| format!("y{output}")).collect(), self.outputs),
        };
        let samples = self.inputs.unwrap_or_else(|| Collector::new(width)).finish();
        let rows = Rows::of_samples(samples, values);
        let validation =
            validation.map(|first| (first..rows.count).filter_map(|row| u32::try_from(row).ok()).collect());
        let shape = options.shape.or(self.shape);
        let inputs = (1..=width).map(|input| format!("x{input}")).collect();
        Ok(Content { inputs, outputs, rows, validation, shape })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::npy::tests::array;
    use super::*;

    /// Reads these arrays as files of a folder, the first of them named.
    fn in_folder(arrays: &[(&str, Vec<u8>)], options: &TableOptions) -> Result<TableSource, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(format!("{name}.npy"));
        for (name, bytes) in arrays {
            std::fs::write(path(name), bytes).unwrap();
        }
        let read = TableSource::read(&path(arrays[0].0), options);
        read.map_err(|error| error.to_string().replace(&format!("{}/", folder.path().display()), ""))
    }

    fn plain(arrays: &[(&str, Vec<u8>)]) -> Result<TableSource, String> {
        in_folder(arrays, &TableOptions::default())
    }

    /// As Keras's MNIST, but with six images of 1 x 2 pixels.
    fn keras() -> Vec<(&'static str, Vec<u8>)> {
        vec![
            ("x_train", array("|u1", "(4, 1, 2)", &[0, 255, 51, 0, 0, 0, 255, 255])),
            ("y_train", array("<i4", "(4,)", &[10, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 10, 0, 0, 0])),
            ("x_test", array("|u1", "(2, 1, 2)", &[51, 0, 0, 255])),
            ("y_test", array("|u1", "(2, 1)", &[9, 10])),
        ]
    }

    #[test]
    fn images_with_labels_and_a_test_set() {
        let table = in_folder(&keras(), &TableOptions { scale: Some(255.0), ..TableOptions::default() }).unwrap();
        assert_eq!((table.name.as_str(), table.inputs.join(" ")), ("x_train", "r1c1 r1c2".to_owned()));
        assert_eq!(table.outputs, ["y=9", "y=10"]);
        let expected = Rows::new(
            2,
            vec![0.0, 1.0, 0.2, 0.0, 0.0, 0.0, 1.0, 1.0, 0.2, 0.0, 0.0, 1.0],
            vec![0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0],
        );
        assert_eq!(*table.rows, expected);
        let task = table.split(3);
        assert_eq!((task.training.count, task.validation.count, task.validation.input(0)[0]), (4, 2, 0.2));
        assert_eq!((task.one_hot.len(), task.shape), (1, Some(Shape { height: 1, width: 2 })));
    }

    #[test]
    fn numbers_with_a_matrix_of_outputs() {
        let x: Vec<u8> = (0_u8..10).flat_map(|value| (f64::from(value) / 4.0).to_le_bytes()).collect();
        let y = [[1, 0, 1], [0, 0, 1], [1, 1, 1], [0, 0, 0], [1, 0, 0]].concat();
        let table = plain(&[("X", array("<f8", "(5, 2)", &x)), ("y", array("|b1", "(5, 3)", &y))]).unwrap();
        assert_eq!((table.inputs.join(" "), table.outputs.join(" ")), ("x1 x2".to_owned(), "y1 y2 y3".to_owned()));
        assert_eq!((*table.rows.input(4)).to_vec(), [2.0, 2.25]);
        assert_eq!(table.rows.output(2), [1.0, 1.0, 1.0]);
        assert_eq!(table.shape, None);
    }

    #[test]
    fn wrong_arrays_are_reported() {
        let with = |name: &'static str, bytes: Vec<u8>| {
            let mut arrays = keras();
            arrays.retain(|(other, _)| *other != name);
            arrays.insert(usize::from(name != "x_train"), (name, bytes));
            plain(&arrays).unwrap_err()
        };
        let cases = [
            (
                with("x_train", b"PK".to_vec()),
                "array x_train is not in NumPy's format; save it with np.save or np.savez",
            ),
            (
                with("x_train", array("|u1", "(4294967296, 28, 28)", &[0; 8])),
                "array x_train has 8 bytes of values instead of 3367254360064; save or copy it again",
            ),
            (
                with("y_train", array("|u1", "(3,)", &[0; 3])),
                "array y_train has 3 rows, but x_train has 4; save arrays that belong together",
            ),
            (
                with("y_train", array("<f4", "(4,)", &[0, 0, 0, 63, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])),
                "array y_train has a label that is not an integer in row 0; save class numbers, or a matrix of zeros and \
                 ones",
            ),
            (
                with("y_train", array("|u1", "(4, 2)", &[0, 1, 1, 0, 0, 2, 1, 0])),
                "array y_train has a value other than 0 and 1 in row 2; save class numbers, or a matrix of zeros and ones",
            ),
            (
                with("x_test", array("|u1", "(2, 3)", &[0; 6])),
                "array x_test has 3 values per row, but x_train has 2; save arrays that belong together",
            ),
            (
                with("x_train", array("<f4", "(4, 1)", &[0, 0, 0, 0, 0, 0, 0xc0, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0])),
                "array x_train has a value that is not finite in 32 bits in row 1; replace it",
            ),
            (
                with("y_test", array("|u1", "(2,)", &[9, 9])),
                "x_test[1] and x_train[0] have the same inputs but different outputs; remove or correct one of them",
            ),
            (
                plain(&[("x_train", array("|u1", "(1, 1)", &[0]))]).unwrap_err(),
                "array y_train is missing; save x_train, y_train, x_test and y_test, or x and y, with np.savez",
            ),
            (
                in_folder(&keras(), &TableOptions { label: Some("y".to_owned()), ..TableOptions::default() })
                    .unwrap_err(),
                "arrays have no named columns; leave out outputs, label, validation and split column",
            ),
        ];
        for (message, expected) in cases {
            assert_eq!(message, format!("x_train.npy: {expected}"));
        }
    }

    proptest! {
        #[test]
        fn damaged_arrays_never_panic(place in 0_usize..400, byte: u8, cut in 0_usize..100) {
            let mut arrays = keras();
            let lengths: Vec<usize> = arrays.iter().map(|(_, bytes)| bytes.len()).collect();
            let index = place % arrays.len();
            let bytes = &mut arrays[index].1;
            bytes[place % lengths[index]] = byte;
            bytes.truncate(lengths[index] - cut % 3 * (cut % 11));
            if let Err(message) = plain(&arrays) {
                prop_assert!(message.starts_with("x_train.npy: ") && !message.contains(char::is_control), "{message}");
            }
        }
    }
}
