//! What the checks are given: a house with its modules and imports.
//! In: a house. Out: the same with what was found out about it once.
//! Never judges.

use super::house::House;
use super::imports::{Import, imports};
use super::modules::Modules;

/// A house that was looked through.
#[derive(Debug)]
pub struct Survey {
    pub house: House,
    pub modules: Modules,
    pub imports: Vec<Import>,
}

impl Survey {
    pub fn of(house: House) -> Self {
        let modules = Modules::of(house.clone());
        Self { imports: imports(&modules), house, modules }
    }
}
