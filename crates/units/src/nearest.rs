//! "Did you mean": the nearest known names.

/// The up to three known names nearest to `wanted`, best first; only those that could be a slip of it.
///
/// # Examples
/// ```
/// assert_eq!(units::nearest("h100-smx", ["h100-sxm", "tpu-v6e"]), ["h100-sxm"]);
/// ```
pub fn nearest<S: AsRef<str>>(wanted: &str, known: impl IntoIterator<Item = S>) -> Vec<String> {
    let wanted = wanted.trim().to_lowercase();
    let mut scored: Vec<(f64, String)> = known
        .into_iter()
        .map(|name| {
            let name = name.as_ref();
            let lower = name.to_lowercase();
            let mut score = strsim::jaro_winkler(&wanted, &lower);
            if !wanted.is_empty() && lower.contains(&wanted) {
                score = score.max(0.9);
            }
            (score, name.to_string())
        })
        .filter(|(score, _)| *score >= 0.7)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}
