//! The number types in files of tensors.

/// A number type that networks are read from, little-endian. All become `f32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberType {
    /// Double precision; rounded.
    F64,
    /// Single precision.
    F32,
    /// Half precision: 1 sign, 5 exponent and 10 fraction bits.
    F16,
    /// The upper half of single precision.
    Bf16,
    /// Signed integers of 8 bytes; rounded.
    I64,
    /// Unsigned bytes, or truth values.
    Byte,
}

impl NumberType {
    /// Size of one number in bytes.
    pub(super) fn size(self) -> usize {
        match self {
            Self::F64 | Self::I64 => 8,
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
            Self::Byte => 1,
        }
    }

    /// The numbers in `data`; an incomplete number at the end is ignored.
    #[allow(clippy::cast_possible_truncation)] // rounding is intended: networks are of f32
    pub(super) fn values(self, data: &[u8]) -> Vec<f32> {
        match self {
            Self::F64 => chunks(data).map(|bytes| f64::from_le_bytes(bytes) as f32).collect(),
            Self::F32 => chunks(data).map(f32::from_le_bytes).collect(),
            Self::F16 => chunks(data).map(|bytes| half(u16::from_le_bytes(bytes))).collect(),
            Self::Bf16 => {
                chunks(data).map(|bytes| f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16)).collect()
            }
            Self::I64 => chunks(data).map(|bytes| i64::from_le_bytes(bytes) as f32).collect(),
            Self::Byte => data.iter().map(|&byte| f32::from(byte)).collect(),
        }
    }
}

/// Groups of `N` bytes, without an incomplete one at the end.
fn chunks<const N: usize>(data: &[u8]) -> impl Iterator<Item = [u8; N]> + '_ {
    data.as_chunks::<N>().0.iter().copied()
}

/// Converts a number of half precision.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2.0_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2.0_f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision() {
        assert_eq!(half(0x3e00), 1.5);
        assert_eq!(half(0x0001), 2.0_f32.powi(-24));
        assert_eq!(half(0xfbff), -65504.0);
        assert!(half(0x7c01).is_nan() && half(0xfc00) == f32::NEG_INFINITY);
    }

    #[test]
    fn every_number_type() {
        for (numbers, bytes) in [
            (NumberType::F64, 2.0_f64.to_le_bytes().to_vec()),
            (NumberType::F32, 2.0_f32.to_le_bytes().to_vec()),
            (NumberType::F16, 0x4000_u16.to_le_bytes().to_vec()),
            (NumberType::Bf16, 0x4000_u16.to_le_bytes().to_vec()),
            (NumberType::I64, 2_i64.to_le_bytes().to_vec()),
            (NumberType::Byte, vec![2]),
        ] {
            assert_eq!((numbers.values(&bytes), numbers.size()), (vec![2.0], bytes.len()), "{numbers:?}");
        }
    }
}
