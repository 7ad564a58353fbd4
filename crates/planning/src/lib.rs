//! Planning: the cheapest deployments that serve a workload within a latency objective, on chips that may be
//! had, beside what the same tokens cost through an interface.
//!
//! The way in is [`plan`]: one question, one ranked answer (CONTRACTS section 14). It is made of three steps
//! that are open to others, since what fits and how fast it is does not depend on prices:
//!
//! 1. [`search`] lays the model out in every way of the [`space`] on every chip that [`may be had`](supply), and
//!    finds the largest load that each way bears within the objectives;
//! 2. [`PriceBook`] holds what the chips cost, as ranges; a study draws prices from them;
//! 3. [`Found::cheapest`] and [`Found::ranked`] put price and load together: re-pricing takes no new search.

pub mod answer;
pub mod api;
mod chip_hour;
pub mod objective;
pub mod prices;
pub mod rank;
pub mod request;
pub mod search;
pub mod space;
pub mod supply;

mod plan;

pub use answer::{ApiLine, PlanAnswer, PlanLine, Refused};
pub use chip_hour::{owning_basis, rental_basis};
pub use objective::Objectives;
pub use plan::plan;
pub use prices::{Basis, ChipPrice, PriceBook, Site};
pub use rank::Priced;
pub use request::Request;
pub use search::{Candidate, Found, Searches, search};
pub use supply::{Licence, Supply};
