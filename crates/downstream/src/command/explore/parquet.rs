//! `explore --parquet`: the same table for those who read it with a data frame, in builds that can write it.

use std::path::Path;

use crate::failure::Failure;

/// Whether this build can.
///
/// # Errors
/// It cannot.
#[cfg(feature = "parquet")]
#[expect(clippy::unnecessary_wraps, reason = "other builds refuse")]
pub fn check() -> Result<(), Failure> {
    Ok(())
}

/// Writes `runs.parquet` into a finished folder.
///
/// # Errors
/// A folder that is damaged or cannot be written.
#[cfg(feature = "parquet")]
pub fn write(folder: &Path) -> Result<(), Failure> {
    Ok(explore::store::write_parquet(folder).map_err(|error| study::exploration::problem(&error))?)
}

/// Whether this build can.
///
/// # Errors
/// It cannot.
#[cfg(not(feature = "parquet"))]
pub fn check() -> Result<(), Failure> {
    let message = "this build writes no Parquet; build one that does: cargo build --release --features parquet";
    Err(units::Problem::new("no_parquet", message).key("--parquet").into())
}

/// Refuses, as [`check`] did before anything was run.
///
/// # Errors
/// Always.
#[cfg(not(feature = "parquet"))]
pub fn write(_: &Path) -> Result<(), Failure> {
    check()
}
