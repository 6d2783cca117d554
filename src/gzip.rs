//! Files that may be compressed with gzip.

use std::io::{self, BufRead, BufReader};

use flate2::bufread::MultiGzDecoder;

/// Whether content that starts like this is compressed.
pub(crate) fn is_compressed(start: &[u8]) -> bool {
    start.starts_with(&[0x1f, 0x8b])
}

/// Reads content, decompressed if it is compressed.
///
/// # Errors
/// The content cannot be read.
pub(crate) fn reader<'a>(mut content: impl BufRead + 'a) -> io::Result<Box<dyn BufRead + 'a>> {
    let is_compressed = is_compressed(content.fill_buf()?);
    Ok(if is_compressed { Box::new(BufReader::new(MultiGzDecoder::new(content))) } else { Box::new(content) })
}

/// Whether the error means that the content is damaged, not that it cannot be reached.
pub(crate) fn is_damage(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof)
}
