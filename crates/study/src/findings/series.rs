//! Trajectories as quantiles: what `world` prints (CONTRACTS, section 7) and what the brief draws.

use serde::Serialize;
use units::Quarter;

/// Series by policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trajectories {
    /// The quarters of every series.
    pub quarters: Vec<Quarter>,
    /// Blocs, in the scenario's order.
    pub blocs: Vec<String>,
    /// Sectors.
    pub sectors: Vec<String>,
    /// Policies, as given.
    pub policies: Vec<PolicySeries>,
}

/// The series of one policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PolicySeries {
    /// The policy's id.
    pub id: String,
    /// The quarter from which it parts from history.
    pub policy_start: Quarter,
    /// Its series, by variable, bloc, sector, origin, openness.
    pub series: Vec<Series>,
}

/// One variable over the quarters. A key that does not apply is null.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    /// A name of the contract, such as `fleet_flop_per_s`.
    pub variable: String,
    /// Bloc, or `world` for the sum.
    pub bloc: Option<String>,
    /// Sector.
    pub sector: Option<String>,
    /// Bloc of the model's developer, or vendor.
    pub origin: Option<String>,
    /// `open` or `closed`.
    pub openness: Option<String>,
    /// Unit.
    pub unit: String,
    /// 5 % quantile; null for a single future.
    pub p5: Option<Vec<f64>>,
    /// Median, or the single future.
    pub p50: Vec<f64>,
    /// 95 % quantile; null for a single future.
    pub p95: Option<Vec<f64>>,
}

impl Trajectories {
    /// The series of one policy, variable and bloc, without sector, origin and openness.
    pub fn find(&self, policy: &str, variable: &str, bloc: &str) -> Option<&Series> {
        self.policies.iter().find(|each| each.id == policy)?.series.iter().find(|series| {
            series.variable == variable
                && series.bloc.as_deref() == Some(bloc)
                && series.sector.is_none()
                && series.origin.is_none()
                && series.openness.is_none()
        })
    }
}
