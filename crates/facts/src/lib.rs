//! Facts: typed tables of chips, models, prices, sectors, blocs, workloads and history, each row with its
//! source, date, licence and confidence; and what is counted from a model's architecture.
//!
//! A fact is read once, checked as a whole (all problems of a table at once) and never defaulted: an unknown
//! figure is `None`. [`Facts::load`] reads everything; each table is a file here and a file in `data/`.

pub mod api_price;
pub mod architecture;
pub mod capital;
pub mod catalogue;
pub mod chip;
pub mod country;
pub mod electricity;
pub mod event;
pub mod figure;
pub mod form;
pub mod lever_effect;
pub mod licence_flow;
pub mod load;
pub mod lookup;
pub mod model;
pub mod period;
pub mod rental;
pub mod successor;
pub mod table;
pub mod workload;

pub use api_price::ApiPrice;
pub use architecture::{Architecture, Counts};
pub use capital::{CapitalCost, Owning};
pub use catalogue::Kind;
pub use chip::{Chip, ChipKind, DensePeaks};
pub use country::Country;
pub use electricity::ElectricityPrice;
pub use event::Event;
pub use figure::{Figure, Select};
pub use lever_effect::LeverEffect;
pub use licence_flow::LicenceFlow;
pub use load::{AS_OF, Facts};
pub use model::{Model, ModelScore, equal_or_better, find_model, read_model_scores, read_models};
pub use period::Period;
pub use rental::{ProviderClass, RentalPrice, RentalRow, RentalTerm};
pub use successor::Successor;
pub use workload::{Lengths, WorkloadShape};
