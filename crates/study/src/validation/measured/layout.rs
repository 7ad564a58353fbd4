//! Parallelism as publications write it: `tp8/ep8/attnDP`, `attnDP+ep4`, `tp24 (NeuronCores, 2 per chip)`,
//! `disagg prefill[1x tp4/ep4] decode[4x tp8/ep8]`.

use crate::validation::setup::{Layout, Pool, Skip};

/// The layout over `chips`; what does not add up to them is not guessed.
pub fn layout(parallelism: &str, chips: &str) -> Result<Layout, Skip> {
    let chips = chips.parse::<f64>().ok().filter(|chips| *chips >= 1.0 && chips.fract() == 0.0);
    let chips = chips.map(|chips| chips as u64).ok_or(Skip::PARALLELISM)?;
    if parallelism.starts_with("disagg") {
        return disaggregated(parallelism, chips).ok_or(Skip::DISAGGREGATED);
    }
    if parallelism.is_empty() {
        return if chips == 1 { Ok(Layout::Aggregated(Pool::tensor(1))) } else { Err(Skip::PARALLELISM) };
    }
    // Counted in cores, of which a chip has several: tensor parallel over the chips.
    if parallelism.contains("Cores") {
        return Ok(Layout::Aggregated(Pool::tensor(chips)));
    }
    let pool = engine(parallelism).ok_or(Skip::PARALLELISM)?;
    let each = pool.chips();
    if each == 0 || chips % each != 0 {
        return Err(Skip::PARALLELISM);
    }
    Ok(Layout::Aggregated(Pool { replicas: chips / each, ..pool }))
}

/// One engine: `tp8/ep8/attnDP` is eight chips in all, attention data parallel over them.
fn engine(text: &str) -> Option<Pool> {
    let mut pool = Pool::tensor(1);
    let mut data_parallel_attention = false;
    for word in text.split(['/', '+']).map(str::trim).filter(|word| !word.is_empty()) {
        if word == "attnDP" {
            data_parallel_attention = true;
            continue;
        }
        let digits = word.find(|c: char| c.is_ascii_digit())?;
        let count = word[digits..].parse::<f64>().ok().filter(|count| (1.0..1e6).contains(count))? as u64;
        match &word[..digits] {
            "tp" => pool.tp = count,
            "pp" => pool.pp = count,
            "dp" => pool.dp = count,
            "ep" => pool.ep = count,
            _ => return None,
        }
    }
    if data_parallel_attention {
        let chips = pool.tp.max(pool.ep);
        pool = Pool { tp: 1, dp: chips, ..pool };
    }
    Some(pool)
}

/// Both pools, if their workers add up to the chips.
fn disaggregated(text: &str, chips: u64) -> Option<Layout> {
    let pool = |name: &str| {
        let (_, rest) = text.split_once(&format!("{name}["))?;
        let (workers, layout) = rest.split_once(']')?.0.split_once("x ")?;
        let replicas = workers.trim().parse::<u64>().ok().filter(|workers| (1..1_000_000).contains(workers))?;
        Some(Pool { replicas, ..engine(layout)? })
    };
    let layout = Layout::Disaggregated { prefill: pool("prefill")?, decode: pool("decode")? };
    (layout.chips() == chips).then_some(layout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parallelism_is_read_as_publications_mean_it() {
        let pool = |text: &str, chips: &str| match layout(text, chips) {
            Ok(Layout::Aggregated(pool)) => Some([pool.replicas, pool.tp, pool.pp, pool.dp, pool.ep]),
            _ => None,
        };
        assert_eq!(pool("tp8/ep1", "8"), Some([1, 8, 1, 1, 1]));
        assert_eq!(pool("tp8/ep8/attnDP", "8"), Some([1, 1, 1, 8, 8]));
        assert_eq!(pool("attnDP+ep4", "8"), Some([2, 1, 1, 4, 4]));
        assert_eq!(pool("tp1/pp1", "8"), Some([8, 1, 1, 1, 1]));
        assert_eq!(pool("tp24 (NeuronCores, 2 per chip)", "12"), Some([1, 12, 1, 1, 1]));
        assert_eq!(pool("", "1"), Some([1, 1, 1, 1, 1]));
        assert_eq!(pool("", "8"), None);
        assert_eq!(pool("tp3", "8"), None);
        assert_eq!(pool("wide EP, multi-node", "8"), None);
    }

    #[test]
    fn workers_that_do_not_add_up_to_the_chips_are_not_guessed() {
        let text = "disagg prefill[1x tp4/ep4] decode[4x tp8/ep8]";
        assert!(layout(text, "36").is_ok());
        assert_eq!(layout(text, "40"), Err(Skip::DISAGGREGATED));
        assert_eq!(layout("disagg prefill[0x tp28/ep1] decode[0x tp28/ep1]", "56"), Err(Skip::DISAGGREGATED));
    }
}
