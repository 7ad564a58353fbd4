//! Figures that beat the peaks of their chips: a fault of the row, or of how it was read (MEASURED caveat 13).
//!
//! The limits are generous: a decode step reads at least the weights that one token passes through, a token takes at
//! least two operations a weight, caches and links cost nothing.

use facts::{Architecture, Chip, Facts};
use units::Dtype;

use super::{
    Target,
    setup::{Layout, Load, Metric, Pool, Setup},
};

/// How far past its limit a figure must be to be shown: peaks are known to a few per cent [ratio].
pub const TOLERANCE: f64 = 1.05;

/// How many times its limit a measured figure is [ratio]; `None` where it is within it or has none.
pub fn beyond(target: &Target, measured_si: f64, facts: &Facts) -> Option<f64> {
    let (chip, model) = (facts.chip(&target.setup.chip).ok()?, facts.model(&target.setup.model).ok()?);
    let limits = Limits::of(chip, &model.architecture, &target.setup)?;
    let ratio = limits.ratio(target.metric, measured_si)?;
    (ratio.is_finite() && ratio > TOLERANCE).then_some(ratio)
}

/// What no run of a setup can be better than.
struct Limits<'a> {
    setup: &'a Setup,
    /// One prompt on the chips of an engine [s].
    prompt_s: f64,
    /// One decode step [s].
    step_s: f64,
    /// Requests completed by all chips [1/s].
    requests_per_s: f64,
}

impl<'a> Limits<'a> {
    fn of(chip: &Chip, architecture: &Architecture, setup: &'a Setup) -> Option<Self> {
        let (prefill, decode) = match setup.layout {
            Layout::Aggregated(pool) => (pool, pool),
            Layout::Disaggregated { prefill, decode } => (prefill, decode),
        };
        let engine_chips = |pool: Pool| (pool.tp * pool.dp) as f64;
        let peaks = &chip.dense_op_per_s;
        let peak = [peaks.of(setup.weights), peaks.of(Dtype::Bf16)].into_iter().flatten().fold(0.0, f64::max);
        let (own, experts) = (architecture.checkpoint_dtype, architecture.expert_dtype);
        let expert_bytes = experts.filter(|_| setup.weights == own).unwrap_or(setup.weights).bytes();
        let read = architecture.decode_weight_bytes(1.0, setup.weights.bytes(), expert_bytes);
        let flop_per_token = 2.0 * (architecture.active_params() - architecture.embed_params()) as f64;
        // A verified draft writes at most all of its tokens and one more.
        let most = setup.speculative.map_or(1.0, |speculative| (speculative.draft_tokens + 1) as f64);
        let request_flop = flop_per_token * (setup.input_tokens + setup.output_tokens);
        (peak > 0.0).then(|| Self {
            setup,
            prompt_s: flop_per_token * setup.input_tokens / (peak * engine_chips(prefill) * prefill.pp as f64),
            step_s: read / (chip.memory_bw_byte_per_s * engine_chips(decode) * most),
            requests_per_s: peak * setup.layout.chips() as f64 / request_flop,
        })
    }

    /// Times the limit: of a time the limit over it, of a rate it over the limit.
    fn ratio(&self, metric: Metric, measured: f64) -> Option<f64> {
        let Setup { input_tokens, output_tokens, load, layout, .. } = self.setup;
        let chips = layout.chips() as f64;
        let rate = |requests_per_s: f64| Some(requests_per_s / self.requests_per_s);
        match metric {
            Metric::TtftBurst | Metric::Ttft | Metric::TtftTail => Some(self.prompt_s / measured),
            Metric::Tpot => Some(self.step_s / measured),
            Metric::EndToEnd => {
                let whole = match load {
                    Load::Batch(batch) => (*batch as f64 / self.requests_per_s).max(output_tokens * self.step_s),
                    _ => self.prompt_s + (output_tokens - 1.0) * self.step_s,
                };
                Some(whole / measured)
            }
            Metric::Output => rate(measured / output_tokens),
            Metric::Total => rate(measured / (input_tokens + output_tokens)),
            Metric::Input => rate(measured / input_tokens),
            Metric::Requests => rate(measured),
            Metric::OutputPerChip => rate(measured * chips / output_tokens),
            Metric::TotalPerChip => rate(measured * chips / (input_tokens + output_tokens)),
            // Over the chips that decode, a node, or in joules: the limits above do not say.
            _ => None,
        }
    }
}
