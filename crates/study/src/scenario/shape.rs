//! How one input varies: a distribution of `explore`, or the two-sided normal of the input registry.

use explore::{Distribution, distribution::Form};

/// The distribution of an input.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// One of the distributions of `explore`.
    Standard(Distribution),
    /// `normal` or `lognormal` given by its 5 %, 50 % and 95 % points, as the registry has them.
    ByPoints(world::Distribution),
}

impl Shape {
    /// The value below which a share `u` of it lies.
    pub fn quantile(&self, u: f64) -> f64 {
        match self {
            Self::Standard(distribution) => distribution.quantile(u),
            Self::ByPoints(distribution) => distribution.quantile(u),
        }
    }

    /// The value where nothing is varied.
    pub fn central(&self) -> f64 {
        match self {
            Self::Standard(distribution) => distribution.central(),
            Self::ByPoints(distribution) => distribution.central(),
        }
    }

    /// Its ends, the 5 % and 95 % points of those without.
    pub fn ends(&self) -> (f64, f64) {
        match self {
            Self::Standard(distribution) => distribution.ends(),
            Self::ByPoints(distribution) => (distribution.low(), distribution.high()),
        }
    }

    /// Whether two draws can differ.
    pub fn varies(&self) -> bool {
        let (low, high) = self.ends();
        low < high
    }

    /// As it would be written in a file.
    pub fn form(&self) -> Form {
        match self {
            Self::Standard(distribution) => Form::from(distribution.clone()),
            Self::ByPoints(distribution) => Form {
                low: Some(distribution.low()),
                central: Some(distribution.central()),
                high: Some(distribution.high()),
                ..Form::of(distribution.name())
            },
        }
    }

    /// Its name and numbers as they are written, `dist` aside.
    pub fn fields(&self) -> (String, Vec<(String, String)>) {
        let form = self.form();
        let table = match toml::Value::try_from(&form) {
            Ok(toml::Value::Table(table)) => table,
            _ => toml::Table::new(),
        };
        let fields =
            table.iter().filter(|(key, _)| *key != "dist").map(|(key, value)| (key.clone(), value.to_string()));
        (form.dist.clone(), fields.collect())
    }

    /// Reads a form; what is wrong with it as field and message.
    pub fn read(form: Form) -> Result<Self, Vec<(&'static str, String)>> {
        let by_points = ["normal", "lognormal"].contains(&form.dist.as_str())
            && [form.low, form.central, form.high].iter().any(Option::is_some);
        if !by_points {
            let errors: Vec<_> = form.errors().into_iter().map(|error| (error.field, error.message)).collect();
            return if errors.is_empty() {
                Distribution::try_from(form).map(Self::Standard).map_err(|error| vec![(error.field, error.message)])
            } else {
                Err(errors)
            };
        }
        // Borrow the check of a range: the same three numbers in the same order, above zero on a logarithmic scale.
        let log = form.dist == "lognormal";
        let scale = log.then_some(explore::distribution::Scale::Log);
        let range = Form { dist: "range".into(), scale, ..form.clone() };
        let errors: Vec<_> = range.errors().into_iter().map(|error| (error.field, error.message)).collect();
        match (form.low, form.central, form.high) {
            (Some(low), Some(central), Some(high)) if errors.is_empty() => Ok(Self::ByPoints(if log {
                world::Distribution::LogNormal { low, central, high }
            } else {
                world::Distribution::Normal { low, central, high }
            })),
            _ => Err(errors),
        }
    }

    /// The shape of a registered distribution.
    pub fn of_registry(distribution: &world::Distribution) -> Self {
        use world::Distribution as Registered;
        let form = match distribution {
            Registered::Fixed { value } => Form { value: Some(*value), ..Form::of("fixed") },
            Registered::Uniform { low, high } => Form { low: Some(*low), high: Some(*high), ..Form::of("uniform") },
            Registered::LogUniform { low, high } => {
                Form { low: Some(*low), high: Some(*high), ..Form::of("loguniform") }
            }
            Registered::Triangular { low, mode, high } => {
                Form { low: Some(*low), mode: Some(*mode), high: Some(*high), ..Form::of("triangular") }
            }
            Registered::Discrete { values } => Form { values: Some(values.clone()), ..Form::of("discrete") },
            Registered::Normal { .. } | Registered::LogNormal { .. } => return Self::ByPoints(distribution.clone()),
        };
        Distribution::try_from(form).map_or_else(|_| Self::ByPoints(distribution.clone()), Self::Standard)
    }
}
