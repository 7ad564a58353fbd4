//! Finding one thing by its id or another of its names; a name that is not known suggests the nearest.

use units::{Problem, by_nearness, nearest};

/// Something with an id and other names.
pub trait Named {
    /// Our id.
    fn id(&self) -> &str;
    /// Other names that find it.
    fn aliases(&self) -> &[String];
}

/// The thing that `wanted` names, whatever its case.
///
/// # Errors
/// `unknown_<what>`, with the three nearest names.
pub fn find<'a, T: Named>(code: &'static str, what: &str, items: &'a [T], wanted: &str) -> Result<&'a T, Problem> {
    let same = |name: &str| name.eq_ignore_ascii_case(wanted.trim());
    items
        .iter()
        .find(|item| same(item.id()))
        .or_else(|| items.iter().find(|item| item.aliases().iter().any(|alias| same(alias))))
        .ok_or_else(|| unknown(code, what, wanted, items))
}

fn unknown<T: Named>(code: &'static str, what: &str, wanted: &str, items: &[T]) -> Problem {
    let names = || items.iter().flat_map(|item| item.aliases().iter().map(String::as_str).chain([item.id()]));
    // An alias stands for its id: the id is what is printed everywhere else.
    let id = |name: &String| {
        let item = items.iter().find(|item| item.id() == name || item.aliases().contains(name));
        item.map_or(name.clone(), |item| item.id().to_string())
    };
    let mut near: Vec<String> = Vec::new();
    for id in by_nearness(wanted, names()).iter().map(id) {
        if near.len() < 3 && !near.contains(&id) {
            near.push(id);
        }
    }
    let hint = if near.is_empty() { String::new() } else { format!("; nearest: {}", near.join(", ")) };
    let slip = nearest(wanted, names()).first().map(id);
    Problem::new(code, format!("there is no {what} '{wanted}'{hint}")).suggest(slip)
}
