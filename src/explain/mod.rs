//! The long text of every code, with a wrong and a right example.
use crate::model::Code;

/// The text that `explain CODE` prints.
pub fn explain(code: Code) -> String {
    let _ = code;
    todo!()
}
