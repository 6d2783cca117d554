//! IDX files, the format of MNIST: a magic number with the number of dimensions, the dimensions, then bytes.

use std::fs::File;
use std::io::{BufRead, BufReader, Error, Read};
use std::path::Path;

use crate::gzip;

/// The most values of a file: 256 MiB.
const MOST: usize = 1 << 28;

/// The content of an IDX file of unsigned bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Idx {
    /// The size in each dimension, at most three.
    pub(super) sizes: Vec<usize>,
    /// The values; the last dimension changes fastest.
    pub(super) bytes: Vec<u8>,
}

/// Why a file is not the IDX file that it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdxProblem {
    /// The file cannot be read.
    #[error("cannot be read: {0}; check the path and its permissions")]
    Io(String),
    /// The file is incomplete or damaged, so that it cannot be decompressed or has no whole header.
    #[error("damaged ({0}); download it again")]
    Damaged(String),
    /// Another kind of file.
    #[error("not an IDX file of unsigned bytes (it starts with {0}); download it again")]
    Magic(String),
    /// Another number of dimensions.
    #[error("has {found} dimensions instead of {expected}; check that images and labels are not swapped")]
    Dimensions {
        /// Number of dimensions in the file.
        found: usize,
        /// Number of dimensions that it should have.
        expected: usize,
    },
    /// Sizes that no file of MNIST has.
    #[error("its header claims {0} values, more than any file of MNIST has; download it again")]
    TooLarge(String),
    /// Fewer bytes than the header says.
    #[error("ends after {found} of {expected} values; download it again")]
    Torn {
        /// Number of values in the file.
        found: usize,
        /// Number of values according to the header.
        expected: usize,
    },
    /// More bytes than the header says.
    #[error("has more bytes than the {0} values of its header; download it again")]
    TooLong(usize),
}

/// Reads an IDX file, plain or compressed with gzip, with this number of dimensions.
///
/// # Errors
/// The file cannot be read, or is not such a file.
pub(super) fn read(path: &Path, dimensions: usize) -> Result<Idx, IdxProblem> {
    parse(BufReader::new(File::open(path).map_err(unreadable)?), dimensions)
}

/// As [`read`], from the content of a file.
///
/// # Errors
/// As for [`read`].
pub(super) fn parse(reader: impl BufRead, dimensions: usize) -> Result<Idx, IdxProblem> {
    content(gzip::reader(reader).map_err(unreadable)?, dimensions)
}

/// The problem of a file that cannot be read; what the decompression refuses is damaged.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unreadable(error: Error) -> IdxProblem {
    let problem = if gzip::is_damage(&error) { IdxProblem::Damaged } else { IdxProblem::Io };
    problem(error.to_string())
}

fn content(mut reader: impl Read, dimensions: usize) -> Result<Idx, IdxProblem> {
    let mut header = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut header).map_err(unreadable)?;
    let &[0, 0, 8, found] = &*header else {
        let shown: Vec<String> = header.iter().map(|byte| format!("{byte:02x}")).collect();
        let shown = if shown.is_empty() { "nothing".to_owned() } else { shown.join(" ") };
        return Err(IdxProblem::Magic(shown));
    };
    if usize::from(found) != dimensions {
        return Err(IdxProblem::Dimensions { found: usize::from(found), expected: dimensions });
    }
    let mut sizes = Vec::new();
    reader.by_ref().take(4 * dimensions as u64).read_to_end(&mut sizes).map_err(unreadable)?;
    let sizes: Vec<usize> = sizes.as_chunks().0.iter().map(|size| u32::from_be_bytes(*size) as usize).collect();
    if sizes.len() < dimensions {
        return Err(IdxProblem::Damaged("it ends within its header".to_owned()));
    }
    let total = sizes.iter().try_fold(1_usize, |total, &size| total.checked_mul(size));
    let Some(total) = total.filter(|&total| total <= MOST) else {
        let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
        return Err(IdxProblem::TooLarge(sizes.join(" x ")));
    };
    // Grows with what is there, not with what the header claims.
    let mut bytes = Vec::new();
    reader.take(total as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    match bytes.len() {
        found if found < total => Err(IdxProblem::Torn { found, expected: total }),
        found if found > total => Err(IdxProblem::TooLong(total)),
        _ => Ok(Idx { sizes, bytes }),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    const WHOLE: [u8; 14] = [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9];

    fn compressed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn plain_and_compressed_files_of_worked_bytes() {
        let expected = Idx { sizes: vec![1, 2], bytes: vec![7, 9] };
        assert_eq!(parse(&WHOLE[..], 2), Ok(expected.clone()));
        assert_eq!(parse(&*compressed(&WHOLE), 2), Ok(expected));
    }

    #[test]
    fn each_fault_has_its_message() {
        let problem = |bytes: &[u8], dimensions| parse(bytes, dimensions).unwrap_err().to_string();
        for cut in 0..WHOLE.len() {
            assert!(parse(&WHOLE[..cut], 2).is_err(), "{cut}");
        }
        assert!(problem(&WHOLE[..13], 2).starts_with("ends after 1 of 2 values"));
        assert!(problem(&[&WHOLE[..], &[1]].concat(), 2).contains("more bytes"));
        assert!(problem(&WHOLE, 3).contains("2 dimensions instead of 3"));
        assert!(problem(b"", 1).contains("starts with nothing"));
        assert!(problem(b"PK\x03\x04 and more", 1).contains("50 4b 03 04"));
        let vast = [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255];
        assert!(problem(&vast, 3).contains("4294967295 x 4294967295 x 4294967295"));
        assert_eq!(problem(&WHOLE[..9], 2), "damaged (it ends within its header); download it again");
        let whole = compressed(&WHOLE);
        let mut other = whole.clone();
        other[whole.len() - 8] ^= 1;
        let mut cut: Vec<&[u8]> = (4..whole.len()).map(|length| &whole[..length]).collect();
        cut.push(&other);
        for bytes in cut {
            let message = problem(bytes, 2);
            assert!(message.starts_with("damaged (") && message.ends_with("; download it again"), "{message}");
        }
        assert!(read(Path::new("no such file"), 1).unwrap_err().to_string().contains("check the path"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..64), dimensions in 1..4_usize) {
            let _ = parse(&*bytes, dimensions);
            let mut headed = vec![0, 0, 8, u8::try_from(dimensions).unwrap()];
            headed.extend(bytes);
            if let Ok(idx) = parse(&*headed, dimensions) {
                prop_assert_eq!(idx.sizes.iter().product::<usize>(), idx.bytes.len());
            }
        }
    }
}
