//! `data/claims.toml`: thresholds, policies and horizons, fixed before the run; its hash stands in the brief.

use serde::Deserialize;
use std::collections::BTreeMap;
use units::{Problem, Problems, Quarter};

use super::verdict::Rules;
use crate::findings::ClaimId;
use crate::hashes::text_sha256;

const TEXT: &str = include_str!("../../../../data/claims.toml");
const FILE: &str = "claims.toml";
const SCHEMA: &str = "downstream/claims/1";

/// Everything that decides a claim beside the model. The names of the fields are those of the file, which explains
/// each; CLAIMS in the design notes gives the reasons.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the file explains its fields")]
pub struct Settings {
    pub schema: String,
    pub dated: String,
    pub verdict: VerdictSettings,
    #[serde(rename = "C1")]
    pub c1: C1,
    #[serde(rename = "C2")]
    pub c2: C2,
    #[serde(rename = "C3")]
    pub c3: C3,
    #[serde(rename = "C4")]
    pub c4: C4,
    #[serde(rename = "C5")]
    pub c5: C5,
    #[serde(rename = "C6")]
    pub c6: C6,
    #[serde(rename = "C7")]
    pub c7: C7,
    #[serde(rename = "C8")]
    pub c8: C8,
    #[serde(rename = "C9")]
    pub c9: C9,
}

/// What holds for all nine.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the file explains its fields")]
pub struct VerdictSettings {
    pub holds_share: f64,
    pub leans_share: f64,
    pub undefined_share: f64,
    pub horizon: Quarter,
    pub horizons: Vec<Quarter>,
    pub built_in_futures: usize,
    pub depends_on_futures: usize,
    pub value_from: Quarter,
    pub discount_rate_variant: f64,
}

/// A claim's settings: one struct for each table of the file.
macro_rules! claim_settings {
    ($($name:ident { $($field:ident: $kind:ty),* $(,)? })*) => {$(
        #[doc = concat!("The settings of ", stringify!($name), ".")]
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(missing_docs, reason = "the file explains its fields")]
        pub struct $name { $(pub $field: $kind),* }
    )*};
}

claim_settings! {
    C1 {
        dates: Vec<String>, input_tokens: f64, output_tokens: f64, ttft_mean_s: f64, tpot_mean_s: f64,
        score_tolerance: f64, r1_for: f64, r1_against: f64, dates_needed: usize, k_for: f64, k_against: f64,
        raw_gap_undefined_below: f64, chip_factor_not_erased_below: f64, price_draws: usize, interval_share: f64,
        policy: String, rate_per_s: f64, workload: String, score_benchmark: String, pair_model_china: String,
        pair_chips_china: Vec<String>, pair_model_other: String, pair_chip_other: String,
    }
    C2 {
        policies: Vec<String>, shock_fraction: f64, shock_from: Quarter, elasticity_for: f64, elasticity_against: f64,
        lead_fraction: f64, bandwidth_decides_above: f64,
    }
    C3 {
        training_controls: String, inference_controls: String, base_line: String, equal_from: Quarter,
        equal_until: Quarter, ratio: f64, effect_at_least: f64, substitution_quarter: Quarter,
    }
    C4 {
        diffusion: String, controls: Vec<String>, value_ratio_for: f64, value_ratio_against: f64, lead_points: f64,
    }
    C5 {
        policy: String, from: Quarter, until: Quarter, share_for: f64, share_against: f64, adoption_points_for: f64,
        adoption_points_against: f64,
    }
    C6 {
        policy: String, shock_fraction: f64, serving_share_for: f64, serving_share_against: f64, gain_ratio_for: f64,
        gain_ratio_against: f64, observed_research_usd: f64, observed_inference_low_usd: f64,
        observed_inference_high_usd: f64, observed_lab_share_low: f64, observed_lab_share_high: f64,
    }
    C7 { points_for: f64, points_against: f64, points_negligible: f64 }
    C8 {
        on: String, volumes_tokens_per_month: Vec<f64>, input_tokens: f64, output_tokens: f64, ttft_mean_s: f64,
        tpot_mean_s: f64, score_tolerance: f64, score_benchmark: String, workload: String, months: f64, replicas: u64, sellers_at_least: usize,
        cost_ratio: f64, volumes_needed: usize, commitment_slack_usd: f64, price_draws: usize, engineer_low: f64,
        engineer_high: f64, engineer_usd_per_year: f64,
    }
    C9 {
        mixed: Vec<String>, pure: Vec<String>, weights: usize, clip_low: f64, clip_high: f64, regret_quantile: f64,
        margin: f64, weight_share: f64, own_perspective: String, others_needed: usize,
    }
}

impl Settings {
    /// The embedded settings.
    pub fn embedded() -> Result<Self, Problems> {
        Self::parse(TEXT)
    }

    /// Reads the settings.
    pub fn parse(text: &str) -> Result<Self, Problems> {
        let settings: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() as u64 + 1);
            Problems::from(Problem::new("bad_claims", error.message().to_string()).file(FILE).line(line))
        })?;
        if settings.schema != SCHEMA {
            return Err(Problem::new("wrong_schema", format!("the schema is not \"{SCHEMA}\"")).file(FILE).into());
        }
        Ok(settings)
    }

    /// The rules of the verdict.
    pub fn rules(&self) -> Rules {
        let VerdictSettings { holds_share, leans_share, undefined_share, .. } = self.verdict;
        Rules { holds_share, leans_share, undefined_share }
    }
}

/// The SHA-256 of the embedded file, in hexadecimal.
pub fn sha256() -> String {
    text_sha256(TEXT)
}

/// The numbers by which a claim is decided, as they stand in the file.
pub fn thresholds(claim: ClaimId) -> BTreeMap<String, f64> {
    let Ok(file) = TEXT.parse::<toml::Table>() else { return BTreeMap::new() };
    let table = file.get(claim.name()).and_then(toml::Value::as_table);
    let number = |value: &toml::Value| value.as_float().or_else(|| value.as_integer().map(|number| number as f64));
    table.into_iter().flatten().filter_map(|(key, value)| Some((key.clone(), number(value)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_thresholds_are_those_of_the_design_notes() {
        let settings = Settings::embedded().unwrap();
        assert_eq!((settings.c1.r1_for, settings.c1.k_for, settings.c1.raw_gap_undefined_below), (1.1, 0.6, 1.2));
        assert_eq!((settings.c2.elasticity_for, settings.c2.elasticity_against), (0.35, 0.65));
        assert_eq!((settings.c3.ratio, settings.c3.effect_at_least), (1.25, 0.05));
        assert_eq!((settings.c4.value_ratio_for, settings.c4.lead_points), (1.02, 0.005));
        assert_eq!((settings.c6.serving_share_for, settings.c6.gain_ratio_for), (0.55, 1.1));
        assert_eq!(settings.c9.mixed.len() + settings.c9.pure.len(), 9);
        assert_eq!(settings.verdict.horizon, Quarter::new(2030, 4));
    }

    #[test]
    fn a_misspelt_threshold_is_refused_with_its_line() {
        let problems = Settings::parse(&TEXT.replace("r1_for", "r1_fro")).unwrap_err();
        assert!(problems.0[0].line.is_some_and(|line| line > 20), "{problems}");
    }

    #[test]
    fn each_claim_shows_its_thresholds() {
        assert_eq!(thresholds(ClaimId::C3)["ratio"], 1.25);
        assert_eq!(sha256().len(), 64);
    }
}
