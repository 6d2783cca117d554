//! MNIST: 70,000 images of handwritten digits (Y. LeCun, C. Cortes, C. Burges), in the four files as published.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::idx::{self, IdxProblem};

/// Height and width of an image.
pub(super) const SIZE: usize = 28;

/// The environment variable that names the folder with the files.
const VARIABLE: &str = "SCULPT_DATA";

/// The names of the files without extensions: images and labels for training, then for testing.
const FILES: [[&str; 2]; 2] =
    [["train-images-idx3-ubyte", "train-labels-idx1-ubyte"], ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]];

/// Why the images cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MnistError {
    /// The files are nowhere.
    #[error(
        "the task {task} needs MNIST: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and \
         t10k-labels-idx1-ubyte, each with or without .gz; not found in {searched}; name their folder with --data DIR or \
         SCULPT_DATA (torchvision.datasets.MNIST(\"data\", download=True) puts them into data/MNIST/raw)"
    )]
    Missing {
        /// The task's name.
        task: String,
        /// The folders in which they were looked for.
        searched: String,
    },
    /// A file is damaged.
    #[error("{file}: {problem}")]
    File {
        /// The file's path.
        file: String,
        /// What is wrong with it.
        problem: IdxProblem,
    },
    /// Images of another size.
    #[error("{file}: the images have {height} x {width} pixels instead of 28 x 28; use the files of MNIST")]
    Size {
        /// The file's path.
        file: String,
        /// Their height.
        height: usize,
        /// Their width.
        width: usize,
    },
    /// More or fewer labels than images.
    #[error("{file}: {labels} labels for {images} images; use files that belong together")]
    Count {
        /// The path of the file with the labels.
        file: String,
        /// Number of labels.
        labels: usize,
        /// Number of images.
        images: usize,
    },
    /// A label that is not a digit.
    #[error("{file}: label {label} of image {image} is not a digit from 0 to 9; use the files of MNIST")]
    Label {
        /// The path of the file with the labels.
        file: String,
        /// The label.
        label: u8,
        /// The image, counted from 1.
        image: usize,
    },
    /// A digit without images.
    #[error("{file}: no image is labeled {digit}; use the files of MNIST")]
    NoImage {
        /// The path of the file with the labels.
        file: String,
        /// The digit.
        digit: usize,
    },
}

/// Images and their labels.
#[derive(Clone, Debug, Default)]
pub(super) struct Images {
    /// `[images, 28 * 28]`.
    pub(super) pixels: Vec<u8>,
    /// The digit of each image.
    pub(super) labels: Vec<u8>,
    /// The number of images for training, which come first.
    pub(super) training: usize,
}

impl Images {
    /// For each digit, the images in a range that show it, ascending.
    pub(super) fn by_digit(&self, range: std::ops::Range<usize>) -> Vec<Vec<u32>> {
        let mut of_digit = vec![Vec::new(); 10];
        for (image, &label) in (0..).zip(&self.labels).skip(range.start).take(range.len()) {
            of_digit[usize::from(label)].push(image);
        }
        of_digit
    }

    /// Appends checked images and labels.
    pub(super) fn append(
        &mut self,
        images: idx::Idx,
        labels: idx::Idx,
        [image_file, file]: [&str; 2],
    ) -> Result<(), MnistError> {
        let [count, height, width] = *images.sizes else { return Ok(()) };
        if (height, width) != (SIZE, SIZE) {
            return Err(MnistError::Size { file: image_file.to_owned(), height, width });
        }
        let file = file.to_owned();
        if labels.bytes.len() != count {
            return Err(MnistError::Count { file, labels: labels.bytes.len(), images: count });
        }
        if let Some(image) = labels.bytes.iter().position(|&label| label > 9) {
            return Err(MnistError::Label { file, label: labels.bytes[image], image: image + 1 });
        }
        if let Some(digit) = (0..10_usize).find(|&digit| labels.bytes.iter().all(|&label| usize::from(label) != digit))
        {
            return Err(MnistError::NoImage { file, digit });
        }
        self.pixels.extend(images.bytes);
        self.labels.extend(labels.bytes);
        Ok(())
    }
}

static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// Looks for data files in `folder` only, from now on. Only the first call has an effect.
pub fn use_folder(folder: PathBuf) {
    let _ = FOLDER.set(folder);
}

/// The folder with the four files: the one given, or else that of `SCULPT_DATA`, or else where torchvision and burn put
/// them.
///
/// # Errors
/// No such folder has all four.
pub(super) fn find(task: &str) -> Result<PathBuf, MnistError> {
    let home = std::env::home_dir().unwrap_or_default();
    let given = FOLDER.get().cloned().or_else(|| std::env::var_os(VARIABLE).map(PathBuf::from));
    let folders = match given {
        Some(given) => ["", "MNIST/raw", "mnist"].map(|below| given.join(below)).to_vec(),
        None => vec![
            PathBuf::from("data/MNIST/raw"),
            PathBuf::from("data/mnist"),
            home.join("data/MNIST/raw"),
            home.join(".cache/burn-dataset/mnist"),
        ],
    };
    let complete = |folder: &&PathBuf| FILES.iter().flatten().all(|name| file(folder, name).is_some());
    if let Some(folder) = folders.iter().find(complete) {
        return Ok(std::path::absolute(folder).unwrap_or_else(|_| folder.clone()));
    }
    let searched: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    Err(MnistError::Missing { task: task.to_owned(), searched: searched.join(", ") })
}

/// The file of this name in a folder, in one of the forms in which it is published.
fn file(folder: &Path, name: &str) -> Option<PathBuf> {
    let dotted = name.replace("-idx", ".idx");
    let names = [name.to_owned(), format!("{name}.gz"), format!("{dotted}.gz"), dotted];
    // burn keeps the files for training and for testing apart.
    let folders = ["", "train", "test"].map(|below| folder.join(below));
    folders.iter().flat_map(|folder| names.iter().map(|name| folder.join(name))).find(|path| path.is_file())
}

/// Reads the four files in a folder.
///
/// # Errors
/// A file is missing, damaged, or does not belong to the others.
pub(super) fn read(task: &str, folder: &Path) -> Result<Images, MnistError> {
    let mut images = Images::default();
    for [pictures, labels] in FILES {
        let path = |name| {
            let missing = || MnistError::Missing { task: task.to_owned(), searched: folder.display().to_string() };
            file(folder, name).ok_or_else(missing)
        };
        let (pictures, labels) = (path(pictures)?, path(labels)?);
        let content = |path: &Path, dimensions| {
            let file = path.display().to_string();
            idx::read(path, dimensions).map_err(|problem| MnistError::File { file, problem })
        };
        let names = [&pictures, &labels].map(|path| path.display().to_string());
        images.append(content(&pictures, 3)?, content(&labels, 1)?, [&names[0], &names[1]])?;
        if images.training == 0 {
            images.training = images.labels.len();
        }
    }
    Ok(images)
}
