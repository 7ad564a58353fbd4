//! Refits the constants of engines: `cargo run --release -p study --example refit_engines -- silicon_sample.csv.gz data`
//! writes `engine_constants.csv` and `engine_folds.csv` anew. The same measurements give the same tables.

use performance::{Efficiencies, EngineTable};
use std::path::{Path, PathBuf};
use units::Problems;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("give the measurements and the folder of the tables".into());
    };
    let text = |problems: Problems| format!("{:?}", problems.0);
    let facts = facts::Facts::load(None).map_err(text)?;
    let sources = study::validation::sources(&[PathBuf::from(from)]).map_err(text)?;
    let cases = study::calibration::fit::cases(&sources, &facts).map_err(text)?;
    let found = study::calibration::folds::refit(&cases, &facts, Efficiencies::builtin()).map_err(text)?;
    std::fs::write(Path::new(&folder).join("engine_folds.csv"), &found.folds_csv)?;
    let table = found.constants_csv(EngineTable::builtin());
    std::fs::write(Path::new(&folder).join("engine_constants.csv"), table)?;
    Ok(())
}
