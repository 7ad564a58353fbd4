//! Rows of one phase alone: `prefill alone; two micro-batches; experts placed by load; cached 56.3 %`.

use performance::{Phase, Placement};

use crate::validation::setup::{Alone, Skip};

/// What a scenario says of the one phase that its pool did; `None` where it does not begin with one.
///
/// # Errors
/// A phase with something beside it that is not understood: the row must not be predicted as if it were not there.
pub fn alone(scenario: &str) -> Result<Option<Alone>, Skip> {
    let mut items = scenario.split(';').map(str::trim);
    let phase = match items.next() {
        Some("prefill alone") => Phase::Prefill,
        Some("decode alone") => Phase::Decode,
        _ => return Ok(None),
    };
    let mut alone = Alone { phase, cached_fraction: 0.0, overlap: false, placement: Placement::Fixed };
    for item in items {
        match item {
            "two micro-batches" => alone.overlap = true,
            "experts placed by load" => alone.placement = Placement::ByLoad,
            "experts even" => alone.placement = Placement::Even,
            other => {
                let percent = other.strip_prefix("cached ").and_then(|text| text.strip_suffix('%'));
                let percent = percent.and_then(|text| text.trim().parse::<f64>().ok());
                alone.cached_fraction = percent.filter(|it| (0.0..=100.0).contains(it)).ok_or(Skip::INVALID)? / 100.0;
            }
        }
    }
    Ok(Some(alone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_tells_its_phase_and_how_its_experts_stand() {
        let found = alone("prefill alone; two micro-batches; experts placed by load; cached 56.3 %").unwrap().unwrap();
        assert_eq!((found.phase, found.overlap, found.placement), (Phase::Prefill, true, Placement::ByLoad));
        assert!((found.cached_fraction - 0.563).abs() < 1e-12);
        assert_eq!(alone("decode alone").unwrap().unwrap().placement, Placement::Fixed);
    }

    #[test]
    fn a_scenario_of_both_phases_is_none_and_one_that_is_not_understood_is_refused() {
        assert_eq!(alone("online closed-loop"), Ok(None));
        for scenario in
            ["prefill alone; three micro-batches", "prefill alone; cached much", "decode alone; cached 130 %"]
        {
            assert_eq!(alone(scenario), Err(Skip::INVALID), "{scenario}");
        }
    }
}
