//! Rows of one phase alone: `prefill alone; two micro-batches; experts placed by load; cached 56.3 %`.

use performance::{Phase, Placement};

use crate::validation::setup::Alone;

/// What a scenario says of the one phase that its pool did; none where it does not begin with one.
pub fn alone(scenario: &str) -> Option<Alone> {
    let mut items = scenario.split(';').map(str::trim);
    let phase = match items.next()? {
        "prefill alone" => Phase::Prefill,
        "decode alone" => Phase::Decode,
        _ => return None,
    };
    let mut alone = Alone { phase, cached_fraction: 0.0, overlap: false, placement: Placement::Fixed };
    for item in items {
        match item {
            "two micro-batches" => alone.overlap = true,
            "experts placed by load" => alone.placement = Placement::ByLoad,
            "experts even" => alone.placement = Placement::Even,
            other => {
                let percent = other.strip_prefix("cached ").and_then(|text| text.strip_suffix('%'));
                alone.cached_fraction = percent.and_then(|text| text.trim().parse::<f64>().ok())? / 100.0;
            }
        }
    }
    Some(alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_tells_its_phase_and_how_its_experts_stand() {
        let found = alone("prefill alone; two micro-batches; experts placed by load; cached 56.3 %").unwrap();
        assert_eq!((found.phase, found.overlap, found.placement), (Phase::Prefill, true, Placement::ByLoad));
        assert!((found.cached_fraction - 0.563).abs() < 1e-12);
        assert_eq!(alone("decode alone").unwrap().placement, Placement::Fixed);
    }

    #[test]
    fn what_is_not_understood_is_no_phase() {
        for scenario in ["online closed-loop", "prefill alone; three micro-batches", "prefill alone; cached much"] {
            assert!(alone(scenario).is_none(), "{scenario}");
        }
    }
}
