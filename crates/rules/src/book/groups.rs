//! Groups of countries, some of which changed on a day.

use units::Date;

use crate::Iso2;

/// A group of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupId(usize);

/// One list of countries.
#[derive(Clone, Debug, PartialEq)]
struct Group {
    name: String,
    /// Sorted.
    members: Vec<Iso2>,
    /// `D4_until_2026_07_09`: the members of D4 until that day.
    until: Option<(String, Date)>,
}

/// The groups of a book.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups(Vec<Group>);

impl Groups {
    /// Adds a list; a name such as `D4_until_2026_07_09` makes it the D4 of the days until then.
    pub fn add(&mut self, name: &str, mut members: Vec<Iso2>) {
        members.sort_unstable();
        members.dedup();
        let until = name
            .split_once("_until_")
            .and_then(|(base, day)| day.replace('_', "-").parse().ok().map(|day| (base.to_string(), day)));
        self.0.push(Group { name: name.to_string(), members, until });
    }

    /// A group by its name.
    pub fn id(&self, name: &str) -> Option<GroupId> {
        self.0.iter().position(|group| group.name == name).map(GroupId)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|group| group.name.as_str())
    }

    /// Whether a country is in each list, dated ones too.
    pub fn memberships(&self, country: Iso2) -> impl Iterator<Item = bool> {
        self.0.iter().map(move |group| group.members.binary_search(&country).is_ok())
    }

    /// The groups as they stood on a day; `named` overrides single ones (a snapshot's `d4`, `a5`).
    pub fn on<'a>(&'a self, day: Date, named: &'a [(GroupId, GroupId)]) -> GroupView<'a> {
        GroupView { groups: self, day, named }
    }
}

/// The groups as they stood on a day.
#[derive(Clone, Copy, Debug)]
pub struct GroupView<'a> {
    groups: &'a Groups,
    day: Date,
    named: &'a [(GroupId, GroupId)],
}

impl GroupView<'_> {
    /// Whether a country is a member.
    pub fn holds(&self, group: GroupId, country: Iso2) -> bool {
        self.list(group).binary_search(&country).is_ok()
    }

    /// Whether a country is a member of the group of this name; no such group has no members.
    pub fn holds_named(&self, name: &str, country: Iso2) -> bool {
        self.groups.id(name).is_some_and(|group| self.holds(group, country))
    }

    /// Whether a country is in A:5 or A:6.
    pub fn is_ally(&self, country: Iso2) -> bool {
        self.holds_named("A5", country) || self.holds_named("A6", country)
    }

    /// The members on the day: those of the earliest dated list that had not run out, else the undated one.
    fn list(&self, group: GroupId) -> &[Iso2] {
        if let Some((_, other)) = self.named.iter().find(|(named, _)| *named == group) {
            return &self.groups.0[other.0].members;
        }
        let plain = &self.groups.0[group.0];
        let dated = self.groups.0.iter().filter_map(|other| match &other.until {
            Some((base, until)) if *base == plain.name && self.day <= *until => Some((until, &other.members)),
            _ => None,
        });
        dated.min_by_key(|(until, _)| *until).map_or(&plain.members, |(_, members)| members)
    }
}
