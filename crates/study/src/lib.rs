//! Where the domains meet: scenarios, policies x futures, the nine claims, hindcasts, the run folder.
//!
//! | to | see |
//! |---|---|
//! | read, check and write a scenario | [`scenario`] |
//! | make a world of facts, rules and a scenario | [`ground`] |
//! | run the built-in study | [`brief::run`] |
//! | run trajectories alone | [`world_verb::run`] |
//! | keep an ensemble on disk, of the world or of a model of one's own | [`exploration`] |
//! | say which inputs of an ensemble matter, what one must believe, which choice holds up | [`analysis`] |
//! | search for adaptive policies | [`adapt`] |
//! | say where a number of a run comes from | [`trace`] |
//! | say why two policies differ | [`compare`] |
//! | hold statements about the model against every future | [`checks`] |
//! | read what was found | [`findings`] |
//! | write it to a folder | [`run_folder`] |
//! | see how a claim is decided | [`claims`], one file each |
//! | forecast the past | [`hindcast`] |
//! | hold the performance model against measurements | [`validation`] |
//! | fit the constants of engines to measurements | [`calibration`] |
//!
//! Nothing here prints, reads the clock or knows how many threads there are: the same scenario and seed give the same
//! bytes.

pub mod adapt;
pub mod analysis;
mod assumptions;
mod background;
mod bands;
pub mod brief;
pub mod calibration;
pub mod checks;
pub mod claims;
pub mod compare;
pub mod ensemble;
pub mod exploration;
pub mod findings;
pub mod ground;
pub mod hashes;
pub mod hindcast;
mod market;
pub mod plan;
pub mod reading;
pub mod run_folder;
mod runs;
pub mod sampling;
pub mod scenario;
pub mod trace;
pub mod validation;
pub mod world_verb;

pub use hashes::data_sha256;
