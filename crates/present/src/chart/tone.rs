//! What a mark stands for; the style sheet says how it looks.

/// The meaning of a colour. The palette is Okabe and Ito's, which readers with any kind of colour vision can tell
/// apart (Okabe and Ito 2008, "Color Universal Design"), extended by shades for the members of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// The one accent of the page.
    Accent,
    /// What stands back: reference lines, unlabelled dots.
    Muted,
    /// What was observed.
    Observed,
    /// Votes for a claim.
    For,
    /// Votes that are neither.
    Neither,
    /// Votes against a claim.
    Against,
    /// Value for training: FLOP/s.
    Flop,
    /// Value for inference: memory bandwidth.
    Bandwidth,
    /// The bloc of this place in the list.
    Bloc(usize),
    /// The policy of this slot, see [`policy`].
    Policy(usize),
}

/// The policies that have a colour of their own everywhere; a user's own policies share the slots after them.
const POLICIES: [&str; 10] = [
    "history",
    "no-controls",
    "training-chip-controls",
    "inference-chip-controls",
    "all-chip-controls",
    "diffusion-first",
    "open-source-embrace",
    "open-source-retreat",
    "hybrid",
    "diplomacy",
];
/// Slots for policies that are not presets.
const OTHERS: usize = 2;
/// Blocs that have a colour of their own.
const BLOCS: [&str; 3] = ["us", "china", "rest"];

/// The tone of a policy: the same in every chart of every brief.
pub fn policy(id: &str) -> Tone {
    let slot = POLICIES.iter().position(|known| *known == id);
    Tone::Policy(slot.unwrap_or_else(|| POLICIES.len() + letters(id) % OTHERS))
}

/// The tone of a bloc: the same in every chart of every brief.
pub fn bloc(id: &str) -> Tone {
    let slot = BLOCS.iter().position(|known| *known == id);
    Tone::Bloc(slot.unwrap_or_else(|| BLOCS.len() + letters(id) % 2))
}

/// A number made of an id's letters, so that an unknown id keeps its colour from run to run.
fn letters(id: &str) -> usize {
    id.bytes().map(usize::from).sum()
}

impl Tone {
    /// The class that the style sheet knows.
    pub fn class(self) -> &'static str {
        const BLOCS: [&str; 5] = ["t-b0", "t-b1", "t-b2", "t-b3", "t-b4"];
        const POLICIES: [&str; 12] =
            ["t-p0", "t-p1", "t-p2", "t-p3", "t-p4", "t-p5", "t-p6", "t-p7", "t-p8", "t-p9", "t-p10", "t-p11"];
        match self {
            Self::Accent => "t-accent",
            Self::Muted => "t-muted",
            Self::Observed => "t-observed",
            Self::For => "t-for",
            Self::Neither => "t-neither",
            Self::Against => "t-against",
            Self::Flop => "t-flop",
            Self::Bandwidth => "t-bandwidth",
            Self::Bloc(slot) => BLOCS.get(slot).copied().unwrap_or("t-muted"),
            Self::Policy(slot) => POLICIES.get(slot).copied().unwrap_or("t-muted"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_keeps_its_colour_and_a_users_own_has_one_too() {
        assert_eq!(policy("hybrid").class(), "t-p8");
        assert_eq!(policy("my-policy"), policy("my-policy"));
        assert_ne!(policy("my-policy").class(), "t-muted");
        assert_eq!(bloc("china").class(), "t-b1");
    }
}
