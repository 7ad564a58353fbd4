//! "Did you mean": the nearest known names.

/// The up to three known names nearest to `wanted`, best first; only those that could be a slip of it.
///
/// # Examples
/// ```
/// assert_eq!(units::nearest("h100-smx", ["h100-sxm", "tpu-v6e"]), ["h100-sxm"]);
/// ```
pub fn nearest<S: AsRef<str>>(wanted: &str, known: impl IntoIterator<Item = S>) -> Vec<String> {
    // Above what a code of two letters reaches with one of them right.
    const A_SLIP: f64 = 0.71;
    scored(wanted, known).into_iter().filter(|(score, _)| *score >= A_SLIP).take(3).map(|(_, name)| name).collect()
}

/// All known names, the nearest to `wanted` first, however far: what to show beside an id that is not known, where a
/// name is worth reading even if it cannot be a slip.
///
/// # Examples
/// ```
/// assert_eq!(units::by_nearness("h20x", ["tpu-v6e", "h20-96", "h20-96"]), ["h20-96", "tpu-v6e"]);
/// ```
pub fn by_nearness<S: AsRef<str>>(wanted: &str, known: impl IntoIterator<Item = S>) -> Vec<String> {
    scored(wanted, known).into_iter().map(|(_, name)| name).collect()
}

/// The end of a sentence that names the three nearest known names; blank where none is known.
///
/// # Examples
/// ```
/// assert_eq!(units::nearest_hint("x", ["b", "a"]), "; nearest: a, b");
/// ```
pub fn nearest_hint<S: AsRef<str>>(wanted: &str, known: impl IntoIterator<Item = S>) -> String {
    let mut near = by_nearness(wanted, known);
    near.truncate(3);
    if near.is_empty() { String::new() } else { format!("; nearest: {}", near.join(", ")) }
}

fn scored<S: AsRef<str>>(wanted: &str, known: impl IntoIterator<Item = S>) -> Vec<(f64, String)> {
    // Two letters stand in many a word without being meant by it ("EU" in "Reunion", in "Ecuador").
    const TELLING: usize = 3;
    let wanted = wanted.trim().to_lowercase();
    let telling = wanted.chars().count() >= TELLING;
    let mut scored: Vec<(f64, String)> = known
        .into_iter()
        .map(|name| {
            let name = name.as_ref();
            let lower = name.to_lowercase();
            let mut score = strsim::jaro_winkler(&wanted, &lower);
            if telling && lower.contains(&wanted) {
                score = score.max(0.9);
            }
            if !telling && lower.chars().count() > TELLING {
                score *= 0.5;
            }
            (score, name.to_string())
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored
}
