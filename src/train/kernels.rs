//! Which vector instructions the processor has: results repeat bit for bit within a class, not across classes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The class of vector instructions in use, recorded in each trial (design 3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KernelClass {
    /// x86-64 with AVX-512.
    #[serde(rename = "avx-512")]
    Avx512,
    /// x86-64 with AVX2 and fused multiply-add.
    #[serde(rename = "avx2")]
    Avx2,
    /// 64-bit Arm.
    #[serde(rename = "neon")]
    Neon,
    /// Anything else.
    #[serde(rename = "plain")]
    Plain,
}

impl KernelClass {
    /// The class of the processor that runs this.
    #[must_use]
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx512f") {
                return Self::Avx512;
            }
            if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
                return Self::Avx2;
            }
        }
        if cfg!(target_arch = "aarch64") { Self::Neon } else { Self::Plain }
    }
}

impl fmt::Display for KernelClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Avx512 => "avx-512",
            Self::Avx2 => "avx2",
            Self::Neon => "neon",
            Self::Plain => "plain",
        })
    }
}
