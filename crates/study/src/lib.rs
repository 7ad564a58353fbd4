//! Where the domains meet: scenarios, policies x futures, the nine claims, the run folder.

pub mod claims;
pub mod findings;
pub mod hindcast;
pub mod scenario;
