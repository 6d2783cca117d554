//! What a step takes on this machine: measured once, kept in the cache folder.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::catalog;
use crate::train::measure::{Case, medians};
use crate::train::{EdgeEngine, Engine, EngineChoice, KernelClass};

/// The speed of each engine, as far as two cases can tell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    format: u32,
    kernel: KernelClass,
    /// The edge engine.
    pub edges: Speed,
    /// burn on its ndarray device, if this build has it.
    pub burn: Option<Speed>,
}

/// A step takes `step_us` microseconds, and `product_us` for each weight that is computed and each row of the batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Speed {
    /// Microseconds a step, whatever its size.
    pub step_us: f64,
    /// Microseconds a weight and row.
    pub product_us: f64,
}

impl Calibration {
    const FORMAT: u32 = 2;

    /// That of this machine: from the cache folder, or measured now (some hundredths of a second) and kept there.
    pub fn here() -> &'static Self {
        static HERE: OnceLock<Calibration> = OnceLock::new();
        HERE.get_or_init(|| {
            Self::kept().unwrap_or_else(|| {
                let measured = Self::measure();
                measured.keep();
                measured
            })
        })
    }

    /// Measures it.
    #[must_use]
    pub fn measure() -> Self {
        Self {
            format: Self::FORMAT,
            kernel: KernelClass::detect(),
            edges: speed(&EdgeEngine(KernelClass::detect())),
            burn: EngineChoice::BurnNdarray.engine().ok().map(|engine| speed(&*engine)),
        }
    }

    /// Keeps it in the cache folder; where that cannot be written, the next process measures again.
    pub fn keep(&self) {
        if let (Some(file), Ok(text)) = (file(), serde_json::to_vec(self)) {
            let _ = catalog::write_cache(&file, &text);
        }
    }

    fn kept() -> Option<Self> {
        let text = std::fs::read(file()?).ok()?;
        let kept: Self = serde_json::from_slice(&text).ok()?;
        let sound = |speed: Speed| speed.step_us >= 0.0 && speed.product_us > 0.0;
        let is_ours = kept.format == Self::FORMAT && kept.kernel == KernelClass::detect();
        // A file of a build without burn does not do for one that has it.
        let has_burn = kept.burn.map_or(EngineChoice::BurnNdarray.check().is_err(), sound);
        (is_ours && sound(kept.edges) && has_burn).then_some(kept)
    }
}

fn file() -> Option<PathBuf> {
    catalog::cache_file("calibration.json")
}

/// From a small sparse network, where a step is all bookkeeping, and a larger dense one, where it is all arithmetic.
fn speed(engine: &dyn Engine) -> Speed {
    let measure = |widths: &[usize], rows, batch, density| {
        let architecture = crate::network::Architecture::new(widths.to_vec()).ok()?;
        let case = Case::new(&architecture, rows, batch, 5, density);
        let seconds = medians(&case, &[engine], 5).first()?.as_secs_f64();
        Some((seconds * 1e6 / case.steps() as f64, (case.network.mask.kept() * batch) as f64))
    };
    let small = measure(&[4, 24, 24, 16], 16, 8, 0.05).unwrap_or((1.0, 1.0));
    let large = measure(&[8, 48, 48, 48, 48, 16], 64, 32, 1.0).unwrap_or((2.0, 2.0));
    let product_us = ((large.0 - small.0) / (large.1 - small.1)).max(1e-7);
    Speed { step_us: (small.0 - product_us * small.1).max(0.0), product_us }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measurement_can_be_used_and_kept() {
        let measured = Calibration::measure();
        assert_eq!(measured.burn.is_some(), cfg!(feature = "burn"));
        for speed in [measured.edges, measured.burn.unwrap_or(measured.edges)] {
            assert!(speed.step_us >= 0.0 && speed.product_us > 0.0, "{measured:?}");
        }
        let text = serde_json::to_vec(&measured).unwrap();
        assert_eq!(serde_json::from_slice::<Calibration>(&text).unwrap(), measured);
    }
}
