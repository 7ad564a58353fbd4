//! The brief: one self-contained HTML file.

use study::findings::Brief;

use crate::Language;

/// The page: no scripts, no requests, every sentence made from the findings.
pub fn page(brief: &Brief, language: Language) -> String {
    let _ = (brief, language);
    String::new()
}
