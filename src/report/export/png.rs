//! The map of inputs that are pixels as a PNG image.

use std::io::{self, Write};

use flate2::Compression;
use flate2::Crc;
use flate2::write::ZlibEncoder;

use super::COLORS;
use crate::report::pixels::Map;

/// The width of an image that sets the size of its pixels.
const WIDTH: usize = 896;

/// Pixels without a path.
const PRUNED: &str = "#eeeeee";

/// The image: a square for each pixel, in the colors of [`super::svg`].
///
/// # Errors
/// The image is too large for memory.
pub fn image(map: &Map) -> io::Result<Vec<u8>> {
    let shape = map.shape;
    let side = (WIDTH / shape.width).clamp(1, 32);
    let extent = |count: usize| u32::try_from(count * side).map_err(io::Error::other);
    let mut head = Vec::new();
    head.extend(extent(shape.width)?.to_be_bytes());
    head.extend(extent(shape.height)?.to_be_bytes());
    // Eight bits a pixel, which are numbers of colors; the usual compression and filters, not interlaced.
    head.extend([8, 3, 0, 0, 0]);
    let colors: Vec<u8> = [PRUNED].iter().chain(&COLORS).flat_map(|color| rgb(color)).collect();
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::default());
    for row in map.modules.chunks(shape.width) {
        // A row begins with its filter, here none.
        let mut line = vec![0];
        for module in row {
            let color = module.map_or(0, |module| 1 + module % COLORS.len());
            line.extend(std::iter::repeat_n(u8::try_from(color).unwrap_or(0), side));
        }
        for _ in 0..side {
            rows.write_all(&line)?;
        }
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", head), (b"PLTE", colors), (b"IDAT", rows.finish()?), (b"IEND", Vec::new())] {
        chunk(&mut png, *kind, &data)?;
    }
    Ok(png)
}

/// A chunk: length, kind, data, and the checksum of kind and data.
fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) -> io::Result<()> {
    png.extend(u32::try_from(data.len()).map_err(io::Error::other)?.to_be_bytes());
    png.extend(kind);
    png.extend(data);
    let mut sum = Crc::new();
    sum.update(&kind);
    sum.update(data);
    png.extend(sum.sum().to_be_bytes());
    Ok(())
}

/// Red, green and blue of a color such as `#0072b2`.
fn rgb(color: &str) -> [u8; 3] {
    let number = u32::from_str_radix(color.trim_start_matches('#'), 16).unwrap_or(0);
    let [_, red, green, blue] = number.to_be_bytes();
    [red, green, blue]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::Shape;
    use flate2::read::ZlibDecoder;
    use std::io::Read;

    #[test]
    fn an_image_is_read_back() {
        let map =
            Map { shape: Shape { height: 2, width: 3 }, modules: vec![Some(0), None, Some(1), None, Some(8), None] };
        let png = image(&map).unwrap();
        assert_eq!(png[..8], [137, 80, 78, 71, 13, 10, 26, 10]);
        // 96 x 64, eight bits, a palette.
        assert_eq!(png[8..29], *b"\0\0\0\x0dIHDR\0\0\0\x60\0\0\0\x40\x08\x03\0\0\0");
        // The standard's own example of a checksum.
        assert!(png.ends_with(b"\0\0\0\0IEND\xae\x42\x60\x82"));
        let at = |kind: &[u8]| png.windows(4).position(|window| window == kind).unwrap() + 4;
        assert_eq!(png[at(b"PLTE")..][..6], [0xee, 0xee, 0xee, 0x00, 0x72, 0xb2]);
        let mut rows = Vec::new();
        ZlibDecoder::new(&png[at(b"IDAT")..]).read_to_end(&mut rows).unwrap();
        assert_eq!(rows.len(), 64 * 97);
        let color = |x: usize, y: usize| rows[y * 97 + 1 + x];
        assert_eq!([color(0, 0), color(32, 31), color(95, 0)], [1, 0, 2]);
        assert_eq!([color(31, 63), color(63, 32), color(64, 63)], [0, 2, 0], "modules share seven colors");
    }
}
