//! The parts of a policy: what one may take over from another without the rest.

use world::Policy;

/// One part.
pub struct Part {
    /// Its name: that of the policy file's keys.
    pub name: &'static str,
    same: fn(&Policy, &Policy) -> bool,
    take: fn(&mut Policy, &Policy),
}

/// A part that is one or more fields of a policy.
macro_rules! part {
    ($name:literal: $($($field:ident).+),+) => {
        Part {
            name: $name,
            same: |a, b| $(a.$($field).+ == b.$($field).+)&&+,
            take: |own, other| { $(own.$($field).+.clone_from(&other.$($field).+);)+ },
        }
    };
}

/// All parts, in the order of a policy file.
const ALL: [Part; 10] = [
    part!("rules": book, book_for_accepting, flow),
    part!("envelope": actor, envelope_usd_per_year),
    part!("adoption_programme": levers.adoption_programme, levers.adoption_sectors),
    part!("capital": levers.capital),
    part!("open_science": levers.open_science),
    part!("open_stance": levers.open_stance),
    part!("enforcement": levers.enforcement),
    part!("location_checks_and_remote_access": levers.location_checks, levers.remote_access_licensed),
    part!("cooperation": levers.cooperation, defection_probability),
    part!("strength": strength),
];

/// The parts on which two policies differ.
pub fn differing(a: &Policy, b: &Policy) -> Vec<&'static Part> {
    ALL.iter().filter(|part| !(part.same)(a, b)).collect()
}

/// The first policy with the parts of a set (bit i = part i) taken over from the second.
pub fn mixture(a: &Policy, b: &Policy, parts: &[&Part], set: usize) -> Policy {
    let mut mixed = a.clone();
    for (_, part) in parts.iter().enumerate().filter(|(index, _)| set >> index & 1 == 1) {
        (part.take)(&mut mixed, b);
    }
    mixed
}
