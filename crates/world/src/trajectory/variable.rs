//! The variables of a trajectory: name, unit, dimensions.

/// Along what a variable is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// By bloc, and their aggregate.
    Bloc,
    /// By bloc and sector, with the aggregate of each.
    BlocSector,
    /// By bloc of the user, origin and openness of the model.
    BlocOriginOpenness,
    /// By vendor of chips.
    Vendor,
    /// By published series of the variable ([`crate::Trajectory::published`]).
    Published,
}

/// A variable of CONTRACTS section 7. Flows are those of the quarter, stocks those at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// Fleet at quarter end, dense 8-bit [FLOP/s].
    FleetFlop,
    /// Memory bandwidth of the fleet at quarter end [byte/s].
    FleetByte,
    /// Memory of the fleet at quarter end [bytes].
    FleetMemory,
    /// Chips that work at quarter end [chips].
    FleetChips,
    /// Chips bought in the quarter, all channels, in dense 8-bit FLOP/s [FLOP/s].
    SalesFlop,
    /// Chips bought in the quarter, all channels, in memory bandwidth [byte/s].
    SalesByte,
    /// What the bloc's labs train and experiment with, after utilisation and interconnect [FLOP/s].
    TrainFlop,
    /// A year's largest training run in FLOP of 2025Q4's algorithms [FLOP].
    EffectiveTrainFlop,
    /// Capability of the bloc's best own model (E2) [index points].
    CapabilityIndex,
    /// Tokens at fixed quality that the bloc's serving fleet can deliver [token/s].
    ServeCapacity,
    /// Tokens used by the bloc's users [token/s].
    TokensUsed,
    /// Tokens served by the bloc's fleet [token/s].
    TokensServed,
    /// Tokens wanted in the bloc and not served [token/s].
    TokensUnserved,
    /// Tokens served over capacity [fraction].
    Utilisation,
    /// Mark-up over cost of the bloc's serving [fraction].
    Markup,
    /// Price of a token at fixed quality to the bloc's users [USD/Mtok].
    ServicePrice,
    /// Cost of a token at fixed quality on the bloc's fleet [USD/Mtok].
    ServiceCost,
    /// Share of the potential value of use that is realised [fraction].
    Adoption,
    /// Value from use (E13) [USD/year].
    Value,
    /// Share of the bloc's tokens by origin and openness of the model [fraction].
    EcosystemShare,
    /// Revenue by the bloc served from [USD/year].
    ServingRevenue,
    /// Revenue of the makers of models, by origin [USD/year].
    ModelRevenue,
    /// Algorithmic efficiency over the leader's of 2025Q4 [ratio].
    AlgorithmicEfficiency,
    /// Cost of final training runs [USD/year].
    TrainingUsd,
    /// Cost of experiments and research computing [USD/year].
    ExperimentUsd,
    /// Cost of serving [USD/year].
    InferenceUsd,
    /// Foreign chips bought legally in the quarter [chips].
    ImportUnits,
    /// Foreign chips that came around the controls in the quarter [chips].
    LeakUnits,
    /// Chips of own make bought in the quarter [chips].
    DomesticUnits,
    /// Chips sold by the vendor in the quarter [chips].
    VendorUnits,
    /// The same in dense 8-bit FLOP/s [FLOP/s].
    VendorFlop,
    /// The same in memory bandwidth [byte/s].
    VendorByte,
    /// Uncontrolled demand of the bloc that the rules keep from shipping [USD/year].
    ExportValueDenied,
    /// The same in chips a quarter [chips].
    ExportUnitsDenied,
    /// Export revenue that the bloc's vendors forgo [USD/year].
    VendorRevenueForegone,
    /// AI capital spent [USD/year].
    AiCapex,
    /// What the policy spends, by the bloc that pays [USD/year].
    PolicyCost,
    /// Gross domestic product with the value from use [USD/year].
    Gdp,
    /// Months by which the bloc's best own model trails the best of all [months].
    CapabilityLag,
    /// Serving software, over that of the end of history: its part of the fall of the token price (E5) [ratio].
    ServingSoftware,
    /// Tokens a second by smaller models of the same quality, over that of the end of history (E5) [ratio].
    SmallerModels,
    /// Adoption as published series show it (E23) [fraction].
    AdoptionPublished,
    /// Lowest price of a token at a published level of quality (E5, E23) [USD/Mtok].
    TokenPrice,
    /// Capital spending of the cloud companies that a published series counts, for all purposes [USD/year].
    CloudCapex,
}

impl Variable {
    /// All variables, in the order of the contract.
    pub const ALL: [Self; 44] = [
        Self::FleetFlop,
        Self::FleetByte,
        Self::FleetMemory,
        Self::FleetChips,
        Self::SalesFlop,
        Self::SalesByte,
        Self::TrainFlop,
        Self::EffectiveTrainFlop,
        Self::CapabilityIndex,
        Self::ServeCapacity,
        Self::TokensUsed,
        Self::TokensServed,
        Self::TokensUnserved,
        Self::Utilisation,
        Self::Markup,
        Self::ServicePrice,
        Self::ServiceCost,
        Self::Adoption,
        Self::Value,
        Self::EcosystemShare,
        Self::ServingRevenue,
        Self::ModelRevenue,
        Self::AlgorithmicEfficiency,
        Self::TrainingUsd,
        Self::ExperimentUsd,
        Self::InferenceUsd,
        Self::ImportUnits,
        Self::LeakUnits,
        Self::DomesticUnits,
        Self::VendorUnits,
        Self::VendorFlop,
        Self::VendorByte,
        Self::ExportValueDenied,
        Self::ExportUnitsDenied,
        Self::VendorRevenueForegone,
        Self::AiCapex,
        Self::PolicyCost,
        Self::Gdp,
        Self::CapabilityLag,
        Self::ServingSoftware,
        Self::SmallerModels,
        Self::AdoptionPublished,
        Self::TokenPrice,
        Self::CloudCapex,
    ];

    /// The name of the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::FleetFlop => "fleet_flop_per_s",
            Self::FleetByte => "fleet_byte_per_s",
            Self::FleetMemory => "fleet_memory_bytes",
            Self::FleetChips => "fleet_chips",
            Self::SalesFlop => "sales_flop_per_s",
            Self::SalesByte => "sales_byte_per_s",
            Self::TrainFlop => "train_flop_per_s",
            Self::EffectiveTrainFlop => "effective_train_flop",
            Self::CapabilityIndex => "capability_index",
            Self::ServeCapacity => "serve_capacity_tok_per_s",
            Self::TokensUsed => "tokens_used_per_s",
            Self::TokensServed => "tokens_served_per_s",
            Self::TokensUnserved => "tokens_unserved_per_s",
            Self::Utilisation => "utilisation_fraction",
            Self::Markup => "markup_fraction",
            Self::ServicePrice => "service_price_usd_per_mtok",
            Self::ServiceCost => "service_cost_usd_per_mtok",
            Self::Adoption => "adoption_fraction",
            Self::Value => "value_usd_per_year",
            Self::EcosystemShare => "ecosystem_share_fraction",
            Self::ServingRevenue => "serving_revenue_usd_per_year",
            Self::ModelRevenue => "model_revenue_usd_per_year",
            Self::AlgorithmicEfficiency => "algorithmic_efficiency_ratio",
            Self::TrainingUsd => "training_usd_per_year",
            Self::ExperimentUsd => "experiment_usd_per_year",
            Self::InferenceUsd => "inference_usd_per_year",
            Self::ImportUnits => "import_units",
            Self::LeakUnits => "leak_units",
            Self::DomesticUnits => "domestic_units",
            Self::VendorUnits => "vendor_sales_units",
            Self::VendorFlop => "vendor_sales_flop_per_s",
            Self::VendorByte => "vendor_sales_byte_per_s",
            Self::ExportValueDenied => "export_value_denied_usd_per_year",
            Self::ExportUnitsDenied => "export_units_denied",
            Self::VendorRevenueForegone => "vendor_revenue_foregone_usd_per_year",
            Self::AiCapex => "ai_capex_usd_per_year",
            Self::PolicyCost => "policy_cost_usd_per_year",
            Self::Gdp => "gdp_usd_per_year",
            Self::CapabilityLag => "capability_lag_months",
            Self::ServingSoftware => "serving_software_ratio",
            Self::SmallerModels => "smaller_models_ratio",
            Self::AdoptionPublished => "adoption_published_fraction",
            Self::TokenPrice => "token_price_usd_per_mtok",
            Self::CloudCapex => "cloud_capex_usd_per_year",
        }
    }

    /// The unit, as printed.
    pub fn unit(self) -> &'static str {
        match self {
            Self::FleetFlop | Self::SalesFlop | Self::TrainFlop | Self::VendorFlop => "FLOP/s",
            Self::FleetByte | Self::SalesByte | Self::VendorByte => "byte/s",
            Self::FleetMemory => "bytes",
            Self::FleetChips
            | Self::ImportUnits
            | Self::LeakUnits
            | Self::DomesticUnits
            | Self::VendorUnits
            | Self::ExportUnitsDenied => "chips",
            Self::EffectiveTrainFlop => "FLOP",
            Self::CapabilityIndex => "index points",
            Self::ServeCapacity | Self::TokensUsed | Self::TokensServed | Self::TokensUnserved => "token/s",
            Self::Utilisation | Self::Markup | Self::Adoption | Self::EcosystemShare | Self::AdoptionPublished => {
                "fraction"
            }
            Self::ServicePrice | Self::ServiceCost | Self::TokenPrice => "USD/Mtok",
            Self::Value
            | Self::ServingRevenue
            | Self::ModelRevenue
            | Self::TrainingUsd
            | Self::ExperimentUsd
            | Self::InferenceUsd
            | Self::ExportValueDenied
            | Self::VendorRevenueForegone
            | Self::AiCapex
            | Self::PolicyCost
            | Self::CloudCapex
            | Self::Gdp => "USD/year",
            Self::AlgorithmicEfficiency | Self::ServingSoftware | Self::SmallerModels => "ratio",
            Self::CapabilityLag => "months",
        }
    }

    /// Along what it is told apart.
    pub fn dimension(self) -> Dimension {
        match self {
            Self::Adoption | Self::Value => Dimension::BlocSector,
            Self::EcosystemShare => Dimension::BlocOriginOpenness,
            Self::VendorUnits | Self::VendorFlop | Self::VendorByte => Dimension::Vendor,
            Self::AdoptionPublished | Self::TokenPrice | Self::CloudCapex => Dimension::Published,
            _ => Dimension::Bloc,
        }
    }
}
