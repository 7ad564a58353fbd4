//! The accuracy board.
use study::validation::Board;
/// The page.
pub fn page(_board: &Board) -> String { String::new() }
