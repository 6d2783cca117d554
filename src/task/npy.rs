//! Arrays in NumPy's format: a magic number, a header written as a Python dictionary, and the values.

use std::io::Read;

/// The first bytes of an array.
const MAGIC: &[u8] = b"\x93NUMPY";

/// The longest header, in bytes.
const MAX_HEADER: usize = 1 << 16;

/// The number of bytes that are read at a time, a multiple of the size of every number.
const CHUNK: usize = 1 << 16;

/// What can be wrong with an array. Each message continues "array x".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArrayProblem {
    /// It is not there.
    #[error("is missing; save x_train, y_train, x_test and y_test, or x and y, with np.savez")]
    Missing,
    /// Bytes that are not an array.
    #[error("is not in NumPy's format; save it with np.save or np.savez")]
    NotAnArray,
    /// A header that cannot be read.
    #[error("has a damaged header; save or copy it again")]
    Header,
    /// Values that are not numbers, or of an unusual type.
    #[error("has values of type `{0}`; save it as uint8, float32 or int64")]
    NumberType(String),
    /// The first dimension changes fastest.
    #[error("is stored column by column; save np.ascontiguousarray of it")]
    ColumnByColumn,
    /// A shape that does not fit the number of bytes.
    #[error("has {found} bytes of values instead of {claimed}; save or copy it again")]
    Size {
        /// Bytes of values according to the header.
        claimed: u64,
        /// Bytes of values that there are.
        found: u64,
    },
    /// Bytes that cannot be decompressed, or fewer than there should be.
    #[error("is damaged or incomplete; save or copy it again")]
    Damaged,
    /// A shape that is neither rows nor a column of labels.
    #[error("has {0} dimensions; save inputs with 2 to 4, the first of them for rows, and labels with 1 or 2")]
    Dimensions(usize),
    /// No values.
    #[error("is empty; save at least one row")]
    Empty,
    /// An input that is not finite in 32 bits.
    #[error("has a value that is not finite in 32 bits in row {0}; replace it")]
    NotFinite(usize),
    /// A label that is not an integer.
    #[error("has a label that is not an integer in row {0}; save class numbers, or a matrix of zeros and ones")]
    NotAClass(usize),
    /// An output that is not 0 or 1.
    #[error("has a value other than 0 and 1 in row {0}; save class numbers, or a matrix of zeros and ones")]
    NotABit(usize),
    /// Too many or too few classes.
    #[error("has labels that cannot be used: {0}")]
    Classes(String),
    /// Arrays that do not belong together.
    #[error("has {found} rows, but {other} has {expected}; save arrays that belong together")]
    Rows {
        /// Number of rows.
        found: usize,
        /// The other array.
        other: &'static str,
        /// Its number of rows.
        expected: usize,
    },
    /// Arrays with rows of different lengths.
    #[error("has {found} values per row, but {other} has {expected}; save arrays that belong together")]
    Width {
        /// Number of values in a row.
        found: usize,
        /// The other array.
        other: &'static str,
        /// Its number of values in a row.
        expected: usize,
    },
}

/// A number type: kind (`b`, `u`, `i` or `f`), size in bytes, and whether the first byte is the least significant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NumberType {
    kind: u8,
    size: usize,
    is_little: bool,
}

/// An array whose values have not been read yet.
pub(super) struct Array<R> {
    /// The size of each dimension; the last changes fastest.
    pub(super) shape: Vec<usize>,
    numbers: NumberType,
    reader: R,
}

impl<R: Read> Array<R> {
    /// Reads the header of an array of `size` bytes, and checks that its shape fits them.
    pub(super) fn open(mut reader: R, size: u64) -> Result<Self, ArrayProblem> {
        let (mut start, mut length) = ([0; 8], [0; 4]);
        reader.read_exact(&mut start).map_err(|_| ArrayProblem::NotAnArray)?;
        if !start.starts_with(MAGIC) {
            return Err(ArrayProblem::NotAnArray);
        }
        let wide = match start[6] {
            1 => 2,
            2 | 3 => 4,
            _ => return Err(ArrayProblem::Header),
        };
        let damaged = |_| ArrayProblem::Header;
        reader.read_exact(&mut length[..wide]).map_err(damaged)?;
        let length = usize::try_from(u32::from_le_bytes(length)).ok().filter(|&length| length <= MAX_HEADER);
        let mut header = vec![0; length.ok_or(ArrayProblem::Header)?];
        reader.read_exact(&mut header).map_err(damaged)?;
        let (shape, numbers) = parsed(&String::from_utf8_lossy(&header))?;
        let values = shape.iter().fold(1_u64, |product, &size| product.saturating_mul(size as u64));
        let claimed = values.saturating_mul(numbers.size as u64);
        let found = size.saturating_sub((start.len() + wide + header.len()) as u64);
        if claimed != found {
            return Err(ArrayProblem::Size { claimed, found });
        }
        if values == 0 {
            return Err(ArrayProblem::Empty);
        }
        Ok(Self { shape, numbers, reader })
    }

    /// Number of rows: the size of the first dimension.
    pub(super) fn rows(&self) -> usize {
        self.shape.first().copied().unwrap_or(1)
    }

    /// Number of values in a row.
    pub(super) fn width(&self) -> usize {
        self.shape.iter().skip(1).product()
    }

    /// Calls `each` with every value in turn and its index.
    pub(super) fn each(
        mut self,
        mut each: impl FnMut(usize, f64) -> Result<(), ArrayProblem>,
    ) -> Result<(), ArrayProblem> {
        let (mut bytes, mut values, mut index) = (vec![0; CHUNK], Vec::new(), 0);
        let mut left = self.rows() * self.width() * self.numbers.size;
        while left > 0 {
            let chunk = &mut bytes[..left.min(CHUNK)];
            self.reader.read_exact(chunk).map_err(|_| ArrayProblem::Damaged)?;
            left -= chunk.len();
            values.clear();
            self.numbers.decode(chunk, &mut values);
            for &value in &values {
                each(index, value)?;
                index += 1;
            }
        }
        // Reading to the end lets the archive check its checksum.
        match self.reader.read(&mut bytes) {
            Ok(0) => Ok(()),
            _ => Err(ArrayProblem::Damaged),
        }
    }
}

impl NumberType {
    fn parsed(text: &str) -> Option<Self> {
        let [order, kind, size @ b'1'..=b'8'] = *text.as_bytes() else { return None };
        let size = usize::from(size - b'0');
        let is_known = matches!((kind, size), (b'b' | b'u' | b'i', 1) | (b'u' | b'i', 2 | 4 | 8) | (b'f', 4 | 8));
        let is_little = match order {
            b'<' | b'|' => true,
            b'>' => false,
            _ => return None,
        };
        is_known.then_some(Self { kind, size, is_little })
    }

    /// Appends the numbers in `bytes`.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_wrap, reason = "inputs are rounded, bits are kept")]
    fn decode(self, bytes: &[u8], values: &mut Vec<f64>) {
        fn all<const N: usize>(bytes: &[u8], number: NumberType, value: impl Fn([u8; N]) -> f64, out: &mut Vec<f64>) {
            out.extend(bytes.as_chunks::<N>().0.iter().map(|&(mut bytes)| {
                if !number.is_little {
                    bytes.reverse();
                }
                value(bytes)
            }));
        }
        match (self.kind, self.size) {
            (b'f', 4) => all(bytes, self, |bytes| f64::from(f32::from_le_bytes(bytes)), values),
            (b'f', _) => all(bytes, self, f64::from_le_bytes, values),
            (b'i', 1) => all(bytes, self, |[byte]| f64::from(byte as i8), values),
            (b'i', 2) => all(bytes, self, |bytes| f64::from(i16::from_le_bytes(bytes)), values),
            (b'i', 4) => all(bytes, self, |bytes| f64::from(i32::from_le_bytes(bytes)), values),
            (b'i', _) => all(bytes, self, |bytes| i64::from_le_bytes(bytes) as f64, values),
            (_, 2) => all(bytes, self, |bytes| f64::from(u16::from_le_bytes(bytes)), values),
            (_, 4) => all(bytes, self, |bytes| f64::from(u32::from_le_bytes(bytes)), values),
            (_, 8) => all(bytes, self, |bytes| u64::from_le_bytes(bytes) as f64, values),
            _ => all(bytes, self, |[byte]| f64::from(byte), values),
        }
    }
}

/// Shape and number type from a header such as `{'descr': '|u1', 'fortran_order': False, 'shape': (60000, 28, 28), }`.
fn parsed(header: &str) -> Result<(Vec<usize>, NumberType), ArrayProblem> {
    let field = |key: &str| {
        let (_, value) = header.split_once(&format!("'{key}':"))?;
        Some(value.trim_start())
    };
    let descr = field("descr").ok_or(ArrayProblem::Header)?;
    let end = descr.char_indices().skip(1).find(|&(_, c)| c == '\'').map_or(descr.len(), |(end, _)| end);
    let descr = descr[..end].trim_start_matches('\'');
    let numbers =
        NumberType::parsed(descr).ok_or_else(|| ArrayProblem::NumberType(super::text::excerpt(descr.trim())))?;
    let shape = field("shape").and_then(|shape| Some(shape.strip_prefix('(')?.split_once(')')?.0));
    let sizes = shape.ok_or(ArrayProblem::Header)?.split(',').map(str::trim).filter(|size| !size.is_empty());
    let shape = sizes.map(|size| size.parse().ok()).collect::<Option<Vec<usize>>>().ok_or(ArrayProblem::Header)?;
    let order = field("fortran_order").ok_or(ArrayProblem::Header)?;
    // In one dimension there is only one order.
    if order.starts_with("True") && shape.len() > 1 {
        return Err(ArrayProblem::ColumnByColumn);
    }
    Ok((shape, numbers))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An array as NumPy writes it.
    pub(in crate::task) fn array(descr: &str, shape: &str, values: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
        let length = u16::try_from(header.len()).unwrap().to_le_bytes();
        [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), values].concat()
    }

    fn values(bytes: &[u8]) -> Result<Vec<f64>, ArrayProblem> {
        let mut values = Vec::new();
        Array::open(bytes, bytes.len() as u64)?.each(|index, value| {
            assert_eq!(index, values.len());
            values.push(value);
            Ok(())
        })?;
        Ok(values)
    }

    #[test]
    fn every_number_type() {
        let cases: [(&str, &[u8], f64); 12] = [
            ("|b1", &[1], 1.0),
            ("|u1", &[200], 200.0),
            ("|i1", &[200], -56.0),
            ("<u2", &[1, 2], 513.0),
            (">u2", &[1, 2], 258.0),
            ("<i2", &[0xfe, 0xff], -2.0),
            (">i4", &[0xff, 0xff, 0xff, 0xfe], -2.0),
            ("<u4", &[0, 0, 0, 0x80], 2_147_483_648.0),
            ("<i8", &[0xff; 8], -1.0),
            ("<u8", &[1, 0, 0, 0, 0, 0, 0, 0], 1.0),
            ("<f4", &[0, 0, 0xc0, 0x3f], 1.5),
            (">f8", &[0x3f, 0xf8, 0, 0, 0, 0, 0, 0], 1.5),
        ];
        for (descr, bytes, value) in cases {
            assert_eq!(values(&array(descr, "(1,)", bytes)), Ok(vec![value]), "{descr}");
            assert_eq!(values(&array(descr, "(3, 1)", &bytes.repeat(3))), Ok(vec![value; 3]), "{descr}");
        }
    }

    #[test]
    fn arrays_longer_than_a_chunk() {
        let bytes: Vec<u8> = (0..=250).cycle().take(CHUNK + 7).collect();
        let read = values(&array("|u1", &format!("({},)", bytes.len()), &bytes)).unwrap();
        assert!(read.iter().zip(&bytes).all(|(&value, &byte)| value == f64::from(byte)) && read.len() == bytes.len());
    }

    #[test]
    fn wrong_arrays_are_refused() {
        let whole = array("<f4", "(2, 2)", &[0; 16]);
        for cut in 0..whole.len() {
            assert!(values(&whole[..cut]).is_err(), "{cut}");
        }
        let error = |descr: &str, shape: &str| values(&array(descr, shape, &[0; 16])).unwrap_err();
        assert_eq!(error("<c8", "(2,)"), ArrayProblem::NumberType("<c8".to_owned()));
        assert_eq!(error("<f2", "(8,)"), ArrayProblem::NumberType("<f2".to_owned()));
        assert_eq!(error("<f4", "(5,)"), ArrayProblem::Size { claimed: 20, found: 16 });
        assert_eq!(error("<f4", "(4294967296, 4294967296)"), ArrayProblem::Size { claimed: u64::MAX, found: 16 });
        assert_eq!(error("<f4", "(99999999999999999999, 1)"), ArrayProblem::Header);
        assert_eq!(error("<f4", "(-1,)"), ArrayProblem::Header);
        let columns = String::from_utf8_lossy(&whole[10..]).replace("False", "True ");
        assert_eq!(parsed(&columns), Err(ArrayProblem::ColumnByColumn));
        assert_eq!(values(&array("<f4", "(0, 4)", &[])), Err(ArrayProblem::Empty));
        let mut long = whole.clone();
        long[6..12].copy_from_slice(&[2, 0, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(values(&long), Err(ArrayProblem::Header));
    }
}
