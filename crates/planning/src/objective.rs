//! Latency objectives.

use serde::Serialize;
use units::{Problem, nearest};

/// Means that a plan must keep; `None` asks nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Objectives {
    /// Longest mean time to first token [s].
    pub ttft_s: Option<f64>,
    /// Longest mean time between tokens after the first [s].
    pub tpot_s: Option<f64>,
}

impl Objectives {
    /// Both means.
    pub fn new(ttft_s: f64, tpot_s: f64) -> Self {
        Self { ttft_s: Some(ttft_s), tpot_s: Some(tpot_s) }
    }

    /// Sets one objective by the name that `--slo` gives it.
    ///
    /// # Errors
    /// An unknown name; an objective given twice; a percentile (`ttft_p99`), which steady-state means cannot
    /// answer: `not_yet`.
    pub fn set(&mut self, name: &str, seconds: f64) -> Result<(), Problem> {
        let (metric, percentile) = name.split_once("_p").map_or((name, false), |(metric, _)| (metric, true));
        let slot = match metric {
            "ttft" => &mut self.ttft_s,
            "tpot" => &mut self.tpot_s,
            _ => {
                let message = format!("there is no objective '{name}'; use ttft and tpot");
                let near = nearest(metric, ["ttft", "tpot"]).into_iter().next();
                return Err(Problem::new("unknown_objective", message).key("slo").suggest(near));
            }
        };
        if percentile {
            let message = format!("{name} needs simulation, not in this version; {metric} asks for the mean");
            return Err(Problem::new("not_yet", message).key("slo").suggest(Some(metric.to_string())));
        }
        if slot.replace(seconds).is_some() {
            return Err(Problem::new("given_twice", format!("the objective {name} is given twice")).key("slo"));
        }
        Ok(())
    }

    /// Whether two means keep the objectives, or which is missed first.
    pub(crate) fn check(&self, ttft_s: f64, tpot_s: f64) -> Result<(), &'static str> {
        let missed = |limit: Option<f64>, value: f64| limit.is_some_and(|limit| value > limit);
        if missed(self.ttft_s, ttft_s) {
            Err("ttft_missed")
        } else if missed(self.tpot_s, tpot_s) {
            Err("tpot_missed")
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objectives_are_set_by_name_once() {
        let mut objectives = Objectives::default();
        objectives.set("ttft", 2.0).unwrap();
        objectives.set("tpot", 0.05).unwrap();
        assert_eq!(objectives, Objectives::new(2.0, 0.05));
        assert_eq!(objectives.set("ttft", 1.0).unwrap_err().code, "given_twice");
    }

    #[test]
    fn a_percentile_is_not_yet_answered_and_says_why() {
        let problem = Objectives::default().set("ttft_p99", 2.0).unwrap_err();
        assert_eq!(problem.code, "not_yet");
        assert!(problem.message.contains("needs simulation"));
        assert_eq!(Objectives::default().set("tppt", 2.0).unwrap_err().suggestion.as_deref(), Some("tpot"));
    }
}
