//! A batch that writes on: only its contexts grow, so only attention is priced again.

use crate::{
    prepared::Prepared,
    step::{self, Load},
};

/// Decode steps of one batch, for simulators that ask for millions.
#[derive(Clone, Copy, Debug)]
pub struct Decoding<'a> {
    prepared: &'a Prepared,
    load: Load,
    /// What does not depend on the contexts [s].
    rest_s: f64,
}

impl<'a> Decoding<'a> {
    pub(crate) fn of(prepared: &'a Prepared, requests: f64) -> Self {
        let load = prepared.loaded(&Load::decode(requests, 1.0, prepared.machine.layout.dp));
        let whole_s = prepared.step(&load).time_s;
        let rest_s = whole_s - step::context_s(&prepared.machine, &prepared.shape, &load);
        Self { prepared, load, rest_s }
    }

    /// The step at a mean context, as [`Prepared::decode_step_s`] gives it [s].
    pub fn step_s(&self, context_tokens: f64) -> f64 {
        let load = Load { context: context_tokens, ..self.load };
        self.rest_s + step::context_s(&self.prepared.machine, &self.prepared.shape, &load)
    }
}
