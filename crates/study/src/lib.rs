//! Where the domains meet: scenarios, policies x futures, the nine claims, the run folder.

pub mod findings;
pub mod hindcast;
