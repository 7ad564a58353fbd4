//! V10: the registered forecast.
use units::Problems;
use super::{Hindcast, Status, Freeze, Model, Score};
pub fn not_yet() -> Result<Hindcast, Problems> {
    Ok(Hindcast { id: "V10", title: "", model: Model::World, freeze: Freeze::rolling(), sees_until: None, points: vec![], n_points: 0, n_independent: 0, score: Score::default(), naive: "", pass_mark: "", status: Status::NotTestable, placebo: None, reason: None, notes: vec![] })
}
