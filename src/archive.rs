//! Zip archives, as PyTorch and NumPy write them.
//!
//! The file is in memory and each entry is a slice of it. A stated size that reaches past the end of the file is an
//! error, so memory is bounded by the file. Compressed entries are decompressed while they are read.

use std::collections::BTreeMap;
use std::io::{self, Read};

use flate2::Crc;
use flate2::read::DeflateDecoder;

/// The most entries that are read; a state dict has one per tensor.
const MAX_ENTRIES: usize = 10_000;

/// The longest end of an archive, in bytes: its last record and a comment.
const MAX_TAIL: usize = u16::MAX as usize + END;

/// The ways to store entries that are read.
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// Lengths of the records in bytes, without names, extra fields and comments.
const END: usize = 22;
const END_64: usize = 56;
const LOCATOR: usize = 20;
const CENTRAL: usize = 46;
const LOCAL: usize = 30;

/// The entries of an archive by name.
pub(crate) type Entries<'a> = BTreeMap<String, Entry<'a>>;

/// An entry of an archive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    /// The bytes in the file.
    pub(crate) stored: &'a [u8],
    pub(crate) is_compressed: bool,
    /// The number of bytes when decompressed, according to the archive.
    pub(crate) size: u64,
    checksum: u32,
}

impl<'a> Entry<'a> {
    /// Reads the decompressed bytes. At their end, their number and checksum are compared with the archive's.
    pub(crate) fn reader(&self) -> Box<dyn Read + 'a> {
        let (left, checksum, crc) = (self.size, self.checksum, Crc::new());
        if self.is_compressed {
            Box::new(Checked { reader: DeflateDecoder::new(self.stored), left, checksum, crc })
        } else {
            Box::new(Checked { reader: self.stored, left, checksum, crc })
        }
    }
}

/// Compares what is read with a length and a checksum.
struct Checked<R> {
    reader: R,
    /// The number of bytes that should follow.
    left: u64,
    checksum: u32,
    crc: Crc,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(bytes)?;
        self.crc.update(&bytes[..count]);
        let left = self.left.checked_sub(count as u64);
        let is_end = count == 0 && !bytes.is_empty();
        match left {
            Some(left) if !is_end || left == 0 && self.crc.sum() == self.checksum => self.left = left,
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
        Ok(count)
    }
}

/// The entries of an archive.
///
/// # Errors
/// A clause for a message: not a zip archive, incomplete, encrypted entries, an unusual compression, more than 10,000
/// entries.
pub(crate) fn entries(file: &[u8]) -> Result<Entries<'_>, String> {
    let (count, mut at) = directory(file).ok_or("its end with the directory is missing")?;
    if count > MAX_ENTRIES as u64 {
        return Err(format!("it has more than {MAX_ENTRIES} entries"));
    }
    let mut entries = Entries::new();
    for _ in 0..count {
        let header = record(file, at, b"PK\x01\x02", CENTRAL).ok_or("its directory is damaged")?;
        let lengths = [28, 30, 32].map(|field| usize::from(u16_at(header, field)));
        let name = piece(file, at + CENTRAL, lengths[0]).ok_or("its directory is damaged")?;
        let name = String::from_utf8_lossy(name).into_owned();
        let extra = piece(file, at + CENTRAL + lengths[0], lengths[1]).ok_or("its directory is damaged")?;
        if !matches!(u16_at(header, 10), STORED | DEFLATED) || u16_at(header, 8) & 1 != 0 {
            return Err("an entry is encrypted, or compressed in an unusual way".to_owned());
        }
        let entry = entry(file, header, extra).ok_or_else(|| format!("entry {name:?} is damaged"))?;
        entries.insert(name, entry);
        at += CENTRAL + lengths.iter().sum::<usize>();
    }
    Ok(entries)
}

/// The number of entries and the offset of their directory.
fn directory(file: &[u8]) -> Option<(u64, usize)> {
    let first = file.len().checked_sub(END)?;
    let ends = (file.len().saturating_sub(MAX_TAIL)..=first).rev();
    let is_end = |&at: &usize| {
        let end = record(file, at, b"PK\x05\x06", END);
        end.is_some_and(|end| at + END + usize::from(u16_at(end, 20)) == file.len())
    };
    let at = ends.into_iter().find(is_end)?;
    let end = record(file, at, b"PK\x05\x06", END)?;
    let locator = at.checked_sub(LOCATOR).and_then(|at| record(file, at, b"PK\x06\x07", LOCATOR));
    if let Some(locator) = locator {
        let end = record(file, usize::try_from(u64_at(locator, 8)).ok()?, b"PK\x06\x06", END_64)?;
        return Some((u64_at(end, 32), usize::try_from(u64_at(end, 48)).ok()?));
    }
    Some((u64::from(u16_at(end, 10)), usize::try_from(u32_at(end, 16)).ok()?))
}

/// An entry, given its directory record and the extra field of that record.
fn entry<'a>(file: &'a [u8], header: &[u8], extra: &[u8]) -> Option<Entry<'a>> {
    // Values that do not fit into 32 bits are in the extra field, in this order and only if needed.
    let mut wide = wide_fields(extra);
    let mut field = |at| match u32_at(header, at) {
        u32::MAX => wide.next(),
        narrow => Some(u64::from(narrow)),
    };
    let (size, stored, start) = (field(24)?, field(20)?, field(42)?);
    let (length, start) = (usize::try_from(stored).ok()?, usize::try_from(start).ok()?);
    let local = record(file, start, b"PK\x03\x04", LOCAL)?;
    let names = [26, 28].map(|field| usize::from(u16_at(local, field)));
    let bytes = piece(file, start + LOCAL + names[0] + names[1], length)?;
    let (is_compressed, checksum) = (u16_at(header, 10) == DEFLATED, u32_at(header, 16));
    (is_compressed || stored == size).then_some(Entry { stored: bytes, is_compressed, size, checksum })
}

/// The 64-bit values of an extra field.
fn wide_fields(mut extra: &[u8]) -> impl Iterator<Item = u64> + '_ {
    let mut wide: &[u8] = &[];
    while extra.len() >= 4 && wide.is_empty() {
        let (tag, length) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
        let Some(field) = piece(extra, 4, length) else { break };
        if tag == 1 {
            wide = field;
        }
        extra = &extra[4 + length..];
    }
    wide.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The record of `length` bytes at `at`, if it is within the file and starts with `signature`.
fn record<'a>(file: &'a [u8], at: usize, signature: &[u8], length: usize) -> Option<&'a [u8]> {
    piece(file, at, length).filter(|record| record.starts_with(signature))
}

fn piece(file: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    file.get(at..at.checked_add(length)?)
}

/// The number at `at`; the record must be long enough.
fn u16_at(record: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([record[at], record[at + 1]])
}

fn u32_at(record: &[u8], at: usize) -> u32 {
    u32::from(u16_at(record, at)) | u32::from(u16_at(record, at + 2)) << 16
}

fn u64_at(record: &[u8], at: usize) -> u64 {
    u64::from(u32_at(record, at)) | u64::from(u32_at(record, at + 4)) << 32
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    /// An archive with one entry, `a`.
    fn archive(content: &[u8], is_compressed: bool) -> Vec<u8> {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(content).unwrap();
        let stored = if is_compressed { encoder.finish().unwrap() } else { content.to_vec() };
        let mut crc = Crc::new();
        crc.update(content);
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let method = [if is_compressed { 8 } else { 0 }, 0];
        let sizes = [crc.sum().to_le_bytes(), length(&stored), length(content)].concat();
        let local = [&b"PK\x03\x04\x14\0\0\0"[..], &method, &[0; 4], &sizes, &[1, 0, 0, 0], b"a"].concat();
        let central = [&b"PK\x01\x02\x14\0\x14\0\0\0"[..], &method, &[0; 4], &sizes, &[1, 0], &[0; 16], b"a"].concat();
        let start = length(&[&local[..], &stored].concat());
        let end = [&b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..], &length(&central), &start, &[0, 0]].concat();
        [local, stored, central, end].concat()
    }

    fn content(file: &[u8]) -> Option<Vec<u8>> {
        let entries = entries(file).ok()?;
        let mut bytes = Vec::new();
        entries.get("a")?.reader().read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    proptest! {
        #[test]
        fn entries_are_read_back_or_refused(
            bytes in proptest::collection::vec(0_u8..4, 0..300), is_compressed: bool, place: prop::sample::Index, byte: u8
        ) {
            let file = archive(&bytes, is_compressed);
            prop_assert_eq!(content(&file), Some(bytes.clone()));
            let mut damaged = file;
            let place = place.index(damaged.len());
            damaged[place] = byte;
            // Names, times and versions are not checked; what is read is right.
            prop_assert!(content(&damaged).is_none_or(|read| read == bytes));
            damaged.truncate(place);
            prop_assert_eq!(content(&damaged), None);
        }
    }

    #[test]
    fn more_than_the_stated_size_is_not_read() {
        let mut file = archive(&vec![7; 100_000], true);
        let size = file.windows(4).rposition(|bytes| bytes == 100_000_u32.to_le_bytes()).unwrap();
        file[size..size + 4].copy_from_slice(&50_000_u32.to_le_bytes());
        assert_eq!(content(&file), None);
    }
}
