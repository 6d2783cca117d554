//! How fast training steps are on this machine: measured once, and stored in the cache folder.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::catalog;
use crate::train::measure::{Case, medians};
use crate::train::{EdgeEngine, Engine, EngineChoice, KernelClass};

/// The speed of each engine, measured on two networks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    format: u32,
    kernel: KernelClass,
    /// The speed of the edge engine.
    pub edges: Speed,
    /// The speed of burn on its ndarray device; `None` if this build does not include burn.
    pub burn: Option<Speed>,
}

/// The speed of an engine. A training step takes `step_us`, plus `product_us` per computed weight and row of the batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Speed {
    /// The fixed time per step, in microseconds.
    pub step_us: f64,
    /// The time per weight and row, in microseconds.
    pub product_us: f64,
}

impl Calibration {
    const FORMAT: u32 = 2;

    /// The calibration of this machine: from the cache folder, or else measured now, in less than 0.1 s, and stored there.
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

    /// Measures the speed of all engines.
    #[must_use]
    pub fn measure() -> Self {
        Self {
            format: Self::FORMAT,
            kernel: KernelClass::detect(),
            edges: speed(&EdgeEngine(KernelClass::detect())),
            burn: EngineChoice::BurnNdarray.engine().ok().map(|engine| speed(&*engine)),
        }
    }

    /// Stores the calibration in the cache folder. If that fails, the next process measures again.
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
        // The file of a build without burn is not enough for a build with it.
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
        let seconds = medians(&case, &[engine], 5).first()?.round.as_secs_f64();
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
    fn measurements_are_plausible_and_can_be_stored() {
        let measured = Calibration::measure();
        assert_eq!(measured.burn.is_some(), cfg!(feature = "burn"));
        for speed in [measured.edges, measured.burn.unwrap_or(measured.edges)] {
            assert!(speed.step_us >= 0.0 && speed.product_us > 0.0, "{measured:?}");
        }
        let text = serde_json::to_vec(&measured).unwrap();
        assert_eq!(serde_json::from_slice::<Calibration>(&text).unwrap(), measured);
    }
}
