//! The inference engine: whose scheduler, reserves and host overheads apply.

pub mod constants;

use serde::{Serialize, Serializer};
use std::{fmt, str::FromStr};
use units::{Problem, Warning, nearest};

/// A family of inference engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EngineKind {
    /// vLLM: chunked prefill mixed with decode.
    Vllm,
    /// SGLang: prefill first, decode waits.
    Sglang,
    /// TensorRT-LLM: in-flight batching that reserves input and output tokens.
    TrtLlm,
    /// An idealised engine: mixed steps, weight-only arithmetic on any chip.
    Generic,
}

impl EngineKind {
    /// Every kind, in the order of the contract.
    pub const ALL: [Self; 4] = [Self::Vllm, Self::Sglang, Self::TrtLlm, Self::Generic];

    /// Major and minor number of its newest release that was measured: vLLM's in the kernel tables (0.24.0), SGLang's in
    /// silicon runs (0.5.10.post1), TensorRT-LLM's in both (1.3.0rc).
    fn newest(self) -> Option<(u32, u32)> {
        match self {
            Self::Vllm => Some((0, 24)),
            Self::Sglang => Some((0, 5)),
            Self::TrtLlm => Some((1, 3)),
            Self::Generic => None,
        }
    }

    /// The name that is printed and read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vllm => "vllm",
            Self::Sglang => "sglang",
            Self::TrtLlm => "trtllm",
            Self::Generic => "generic",
        }
    }
}

/// An engine with its version, where stated: `vllm@0.9`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Engine {
    /// Which family.
    pub kind: EngineKind,
    /// The release, as the user wrote it.
    pub version: Option<String>,
}

impl Engine {
    /// A family without a stated version: its newest release that the constants describe.
    pub const fn of(kind: EngineKind) -> Self {
        Self { kind, version: None }
    }

    /// That nothing here was measured on this version: later than any that the kernel tables and benchmarks know, or
    /// no release number.
    pub fn doubt(&self) -> Option<Warning> {
        let version = self.version.as_deref()?;
        let newest = self.kind.newest();
        let known = newest.zip(self.release()).is_some_and(|(newest, asked)| asked <= newest);
        let name = self.kind.name();
        let stands = match newest {
            Some((major, minor)) => format!("nothing later than {major}.{minor} was measured, which stands for it"),
            None => "it has no releases".into(),
        };
        let message = format!("{name} {version} is no release known here; {stands}");
        (!known).then(|| Warning::new("unknown_engine_version", message))
    }

    /// Major and minor number of the version, where it has them.
    pub fn release(&self) -> Option<(u32, u32)> {
        let mut parts = self.version.as_deref()?.trim_start_matches('v').split('.');
        let mut next = || parts.next()?.parse().ok();
        Some((next()?, next().unwrap_or(0)))
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::of(EngineKind::Vllm)
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{}@{version}", self.kind.name()),
            None => f.write_str(self.kind.name()),
        }
    }
}

impl FromStr for Engine {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let (name, version) =
            text.trim().split_once('@').map_or((text.trim(), None), |(name, v)| (name, Some(v.trim())));
        let wanted = name.to_ascii_lowercase().replace(['-', '_'], "");
        let wanted = if wanted == "tensorrtllm" || wanted == "trt" { "trtllm" } else { wanted.as_str() };
        let kind = EngineKind::ALL.into_iter().find(|kind| kind.name() == wanted).ok_or_else(|| {
            let names = EngineKind::ALL.map(EngineKind::name);
            Problem::new("unknown_engine", format!("'{name}' is not an engine; use one of {}", names.join(", ")))
                .suggest(nearest(wanted, names).into_iter().next())
        })?;
        match version {
            Some("") => Err(Problem::new("unknown_engine", "the version after '@' is empty; write it as vllm@0.9")),
            version => Ok(Self { kind, version: version.map(str::to_string) }),
        }
    }
}

impl Serialize for Engine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_reads_back_with_its_version() {
        for text in ["vllm@0.9", "sglang", "trtllm@1.3.0rc20", "generic"] {
            assert_eq!(text.parse::<Engine>().unwrap().to_string(), text);
        }
        assert_eq!("vllm@0.22.1".parse::<Engine>().unwrap().release(), Some((0, 22)));
    }

    #[test]
    fn a_version_that_nobody_measured_is_doubted() {
        let doubt = |text: &str| text.parse::<Engine>().unwrap().doubt().map(|warning| warning.code);
        for known in ["vllm", "vllm@0.9", "vllm@v0.24.0", "sglang@0.5.10.post1", "trtllm@1.3.0rc20", "generic"] {
            assert_eq!(doubt(known), None, "{known}");
        }
        for unknown in ["vllm@99", "vllm@0.25", "vllm@newest", "sglang@0.6", "trtllm@2", "generic@1"] {
            assert_eq!(doubt(unknown), Some("unknown_engine_version"), "{unknown}");
        }
    }

    #[test]
    fn a_misspelt_engine_suggests_the_nearest() {
        assert_eq!("vlm".parse::<Engine>().unwrap_err().suggestion.as_deref(), Some("vllm"));
    }
}
