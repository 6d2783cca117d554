//! Tasks with pairs of handwritten digits (section 5.2 of the paper).
//!
//! A row is two images side by side, 28 x 56 pixels, row by row, each divided by 255. For every ordered pair of digits,
//! images of the first and of the second are drawn with replacement. The names say what is learned:
//!
//! - `digits-pair`: which two digits they are, as two groups of ten outputs; digits 0 to 9, 100,000 rows.
//! - `digits-xor`: the three bits of the exclusive or of the digits, the most significant first; digits 0 to 7, 64,000
//!   rows.
//! - `digits-demo`: as `digits-pair`, from an excerpt of 1,000 images that comes with the program; 20,000 rows.
//!
//! 1,000 rows are drawn for each pair of digits, or as many as the name says: `digits-pair-200`. The last fifth of them
//! are for validation. In the paper's split, any image can be in any row: of the validation rows of `digits-pair`, 90%
//! show an image that was trained on in the same place (`digits-xor`: 84%, `digits-pair-200`: 36%, `digits-demo`:
//! all). With `-by-image` at the end of the name, training rows are drawn from the 60,000 training images of MNIST only,
//! and validation rows from its 10,000 test images.

mod idx;
mod mnist;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use idx::IdxProblem;
pub use mnist::{MnistError, use_folder};

use self::mnist::{Images, SIZE};
use super::draws::Draws;
use super::{InputKind, Rows, Samples, Shape, Split, Task, Truth};

/// The names of the tasks, without numbers of rows and splits.
pub const NAMES: [&str; 3] = ["digits-demo", "digits-pair", "digits-xor"];

/// One in this many rows is for validation.
const VALIDATION_SHARE: usize = 5;

/// The numbers of rows that can be drawn for each pair of digits.
const ROWS: std::ops::RangeInclusive<usize> = 5..=5000;

/// The excerpt of MNIST, images and labels.
const EXCERPT: [&[u8]; 2] = [
    include_bytes!("../../../presets/digits/images-idx3-ubyte.gz"),
    include_bytes!("../../../presets/digits/labels-idx1-ubyte.gz"),
];

/// What is learned about a pair of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    /// Which digits they are.
    Pair,
    /// The exclusive or of their bits.
    Xor,
}

impl Question {
    /// The number of digits that there are.
    fn digits(self) -> usize {
        match self {
            Self::Pair => 10,
            Self::Xor => 8,
        }
    }

    fn outputs(self, left: usize, right: usize) -> Vec<f32> {
        let bit = |is_one: bool| f32::from(u8::from(is_one));
        match self {
            Self::Pair => [left, right].into_iter().flat_map(|digit| (0..10).map(move |at| bit(at == digit))).collect(),
            Self::Xor => (0..3).rev().map(|at| bit((left ^ right) >> at & 1 == 1)).collect(),
        }
    }

    fn output_names(self) -> Vec<String> {
        match self {
            Self::Pair => {
                ["left", "right"].iter().flat_map(|side| (0..10).map(move |digit| format!("{side}={digit}"))).collect()
            }
            Self::Xor => (0..3).rev().map(|bit| format!("bit{bit}")).collect(),
        }
    }

    /// The two images feed one sub-function each; for the exclusive or, these feed one for each bit.
    fn truth(self) -> Truth {
        let side = |right: bool| (0..SIZE * 2 * SIZE).filter(|pixel| (pixel % (2 * SIZE) >= SIZE) == right).collect();
        let sides = ["left", "right"].map(str::to_owned);
        let input_groups = vec![side(false), side(true)];
        let input_readers = vec![vec![0], vec![1]];
        match self {
            Self::Pair => Truth {
                input_groups,
                output_groups: vec![(0..10).collect(), (10..20).collect()],
                subfunctions: sides.to_vec(),
                hierarchy: Vec::new(),
                input_readers,
                output_owners: vec![0, 1],
            },
            Self::Xor => Truth {
                input_groups,
                output_groups: vec![vec![0], vec![1], vec![2]],
                subfunctions: sides.into_iter().chain(self.output_names()).collect(),
                hierarchy: vec![(0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4)],
                input_readers,
                output_owners: vec![2, 3, 4],
            },
        }
    }
}

/// A task's name, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Name {
    question: Question,
    is_demo: bool,
    /// Number of rows for each ordered pair of digits.
    rows: usize,
    is_by_image: bool,
}

impl Name {
    fn parse(name: &str) -> Option<Self> {
        let (name, is_by_image) = name.strip_suffix("-by-image").map_or((name, false), |name| (name, true));
        let (base, rows) = match name.rsplit_once('-') {
            Some((base, rows)) if rows.starts_with(|first: char| first.is_ascii_digit()) => {
                (base, Some(rows.parse().ok().filter(|rows| ROWS.contains(rows))?))
            }
            _ => (name, None),
        };
        let (question, is_demo, usual) = match base {
            "digits-demo" => (Question::Pair, true, 200),
            "digits-pair" => (Question::Pair, false, 1000),
            "digits-xor" => (Question::Xor, false, 1000),
            _ => return None,
        };
        Some(Self { question, is_demo, rows: rows.unwrap_or(usual), is_by_image })
    }
}

/// Is this the name of a task with digits?
#[must_use]
pub fn is_name(name: &str) -> bool {
    Name::parse(name).is_some()
}

/// The name without its number of rows and its split: one of [`NAMES`]. `None` for other tasks.
///
/// ```
/// use neural_sculpting::task::digits;
///
/// assert_eq!(digits::base("digits-pair-200-by-image"), Some("digits-pair"));
/// assert_eq!(digits::base("4-2-4"), None);
/// ```
#[must_use]
pub fn base(name: &str) -> Option<&'static str> {
    let read = Name::parse(name)?;
    Some(match (read.is_demo, read.question) {
        (true, _) => "digits-demo",
        (false, Question::Pair) => "digits-pair",
        (false, Question::Xor) => "digits-xor",
    })
}

/// The task of that name; `None` if it is not the name of a task with digits. `folder` has the files of MNIST; if it is
/// `None`, they are looked for (see [`use_folder`]).
///
/// ```
/// use neural_sculpting::task::digits;
///
/// let task = digits::open("digits-demo", None)?.expect("there is a task of this name");
/// assert_eq!((task.training.count, task.validation.count), (16_000, 4_000));
/// assert_eq!((task.inputs.len(), task.outputs.len()), (1568, 20));
/// # Ok::<(), digits::MnistError>(())
/// ```
///
/// # Errors
/// The files are missing, damaged, or not those of MNIST.
pub fn open(name: &str, folder: Option<&Path>) -> Result<Option<Task>, MnistError> {
    let Some(read) = Name::parse(name) else { return Ok(None) };
    if read.is_demo {
        return Ok(Some(task(name, read, excerpt()?, None)));
    }
    let folder = folder.map_or_else(|| mnist::find(name), |folder| Ok(folder.to_owned()))?;
    Ok(Some(task(name, read, mnist::read(name, &folder)?, Some(folder))))
}

/// The images that come with the program; for the split by image, four fifths of each digit are for training.
fn excerpt() -> Result<Images, MnistError> {
    let file = |problem| MnistError::File { file: "the excerpt of MNIST".to_owned(), problem };
    let content = |bytes: &[u8], dimensions| idx::parse(bytes, dimensions).map_err(file);
    let mut images = Images::default();
    images.append(content(EXCERPT[0], 3)?, content(EXCERPT[1], 1)?, ["the excerpt of MNIST"; 2])?;
    images.training = images.labels.len() * (VALIDATION_SHARE - 1) / VALIDATION_SHARE;
    Ok(images)
}

fn task(name: &str, read: Name, images: Images, data: Option<PathBuf>) -> Task {
    let Name { question, rows, is_by_image, .. } = read;
    let validated = rows / VALIDATION_SHARE;
    let pool = if is_by_image {
        [images.by_digit(0..images.training), images.by_digit(images.training..images.labels.len())]
    } else {
        let all = images.by_digit(0..images.labels.len());
        [all.clone(), all]
    };
    let mut draws = Draws::named(format!("neural-sculpting digits 1: {name}").as_bytes());
    let (mut picks, mut outputs, mut validation) = (Vec::new(), Vec::new(), Vec::new());
    let mut count = 0;
    for left in 0..question.digits() {
        for right in 0..question.digits() {
            for row in 0..rows {
                let is_validation = row >= rows - validated;
                let pool = &pool[usize::from(is_validation)];
                for digit in [left, right] {
                    picks.push(pool[digit][draws.below(pool[digit].len())]);
                }
                outputs.extend(question.outputs(left, right));
                if is_validation {
                    validation.push(count);
                }
                count += 1;
            }
        }
    }
    let values: Vec<f32> = (0..=u8::MAX).map(|byte| f32::from(byte) / 255.0).collect();
    let samples = Samples::coded(SIZE * SIZE, images.pixels, &values).expect("every byte has a value");
    let rows = Rows::side_by_side(Arc::new(samples), 2, SIZE, picks, outputs).expect("drawn from these images");
    let (rows, split) = (Arc::new(rows), Split::Fixed { validation: validation.into() });
    let (training, validation) = split.of(&rows, 0);
    let shape = Shape { height: SIZE, width: 2 * SIZE };
    Task {
        name: name.to_owned(),
        inputs: shape.names().collect(),
        outputs: question.output_names(),
        kind: InputKind::Real,
        rows,
        training,
        validation,
        split,
        truth: Some(question.truth()),
        shape: Some(shape),
        data,
        one_hot: match question {
            Question::Pair => vec![0..10, 10..20],
            Question::Xor => Vec::new(),
        },
    }
}

#[cfg(test)]
mod tests;
