//! Colors by meaning, never by name: the terminal's own sixteen, or the colors of Okabe and Ito, which people with any
//! type of color blindness can tell apart, in shades that are readable on the background.

use ratatui::style::Color;

/// The terminal's background.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Background {
    /// A dark one.
    Dark,
    /// A light one.
    Light,
}

impl Background {
    /// The background according to `COLORFGBG`, such as `15;0`: the last number, one of sixteen colors.
    #[must_use]
    pub fn parse(variable: &str) -> Option<Self> {
        match variable.rsplit(';').next()?.parse::<u8>().ok()? {
            0..=6 | 8 => Some(Self::Dark),
            7 | 9..=15 => Some(Self::Light),
            _ => None,
        }
    }
}

/// A color for each meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Something active or under the cursor.
    pub accent: Color,
    /// A success.
    pub good: Color,
    /// Something that needs attention.
    pub warning: Color,
    /// A failure.
    pub bad: Color,
    /// The second of two series.
    pub second: Color,
}

impl Palette {
    /// The terminal's own colors, which suit its background.
    pub const TERMINAL: Self = Self {
        accent: Color::Cyan,
        good: Color::Green,
        warning: Color::Yellow,
        bad: Color::Red,
        second: Color::Magenta,
    };

    /// Sky blue, bluish green, orange, vermilion, reddish purple.
    const DARK: Self = Self::rgb([0x0056_b4e9, 0x0000_9e73, 0x00e6_9f00, 0x00d5_5e00, 0x00cc_79a7]);

    /// Blue in place of sky blue, and darker shades of the others.
    const LIGHT: Self = Self::rgb([0x0000_72b2, 0x0000_9e73, 0x00b0_7a00, 0x009a_3300, 0x00b0_568c]);

    /// Medium shades, readable on both.
    const EITHER: Self = Self::rgb([0x002e_86c1, 0x0000_9e73, 0x00c4_8800, 0x00b8_3c00, 0x00c8_78a8]);

    const fn rgb([accent, good, warning, bad, second]: [u32; 5]) -> Self {
        Self {
            accent: Color::from_u32(accent),
            good: Color::from_u32(good),
            warning: Color::from_u32(warning),
            bad: Color::from_u32(bad),
            second: Color::from_u32(second),
        }
    }

    /// The colors for a terminal with 24-bit colors, on a background that may be unknown.
    #[must_use]
    pub fn full(background: Option<Background>) -> Self {
        match background {
            Some(Background::Dark) => Self::DARK,
            Some(Background::Light) => Self::LIGHT,
            None => Self::EITHER,
        }
    }

    /// All colors, for things that only need to be told apart.
    #[must_use]
    pub fn series(self) -> [Color; 5] {
        [self.accent, self.warning, self.good, self.second, self.bad]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How color blindness changes linear red, green and blue: none, protanopia, deuteranopia and tritanopia, after
    /// Machado, Oliveira and Fernandes (2009), severity 1.
    const SIGHTS: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ];

    fn linear(color: Color) -> [f64; 3] {
        let Color::Rgb(red, green, blue) = color else { panic!("{color} is not a 24-bit color") };
        [red, green, blue].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    fn luminance(color: Color) -> f64 {
        dot(linear(color), [0.2126, 0.7152, 0.0722])
    }

    /// CIE 1976 L*a*b* of a linear color under D65.
    fn lab(seen: [f64; 3]) -> [f64; 3] {
        let seen = seen.map(|part| part.clamp(0.0, 1.0));
        let part = |row: [f64; 3], white: f64| {
            let t = dot(seen, row) / white;
            if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 }
        };
        let x = part([0.4124, 0.3576, 0.1805], 0.9505);
        let y = part([0.2126, 0.7152, 0.0722], 1.0);
        let z = part([0.0193, 0.1192, 0.9505], 1.089);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn everyone_can_tell_the_colors_apart() {
        for background in [None, Some(Background::Dark), Some(Background::Light)] {
            let colors = Palette::full(background).series();
            for (kind, sight) in SIGHTS.iter().enumerate() {
                let seen = colors.map(|color| lab(sight.map(|row| dot(row, linear(color)))));
                for (index, a) in seen.iter().enumerate() {
                    for b in &seen[..index] {
                        let apart = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                        assert!(apart > 11.0, "{background:?}, sight {kind}: {apart:.1} between {a:?} and {b:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn colors_are_readable_on_their_background() {
        let contrast = |color: Color, ground: f64| {
            let (a, b) = (luminance(color) + 0.05, ground + 0.05);
            a.max(b) / a.min(b)
        };
        for (background, grounds) in
            [(None, &[0.0, 1.0][..]), (Some(Background::Dark), &[0.0]), (Some(Background::Light), &[1.0])]
        {
            for color in Palette::full(background).series() {
                // The web content accessibility guidelines require this of large text and graphics.
                assert!(grounds.iter().all(|&ground| contrast(color, ground) >= 3.0), "{background:?}: {color}");
            }
        }
    }

    #[test]
    fn the_background_is_the_last_number() {
        assert_eq!(Background::parse("15;0"), Some(Background::Dark));
        assert_eq!(Background::parse("0;default;15"), Some(Background::Light));
        assert_eq!(Background::parse("15;default"), None);
        assert_eq!(Background::parse(""), None);
    }
}
