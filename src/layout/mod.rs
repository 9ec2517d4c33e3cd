//! How a configuration file is laid out, and how something is added to it.
//! In: one YAML text. Out: the same in the canonical layout, or with more entries in one of its lists; or why it has to stay as it is.
//! Never changes what a text means: both texts are read again and compared, comments included. Knows nothing of trunks and numbers.
//!
//! The canonical layout: two spaces a level, a list's `-` two further in than its key, one space after `-`, `:` and `,` and none inside of
//! brackets, at most one empty line between others, none at the beginning, no blanks at the end of a line, all lines ended as the first one
//! is, the last one too. Text that other readers would take for a number or a truth value has double quotes; single quotes become double ones
//! where that needs no escape. A comment on a line of its own stands as what comes after it, or as the block that ends before it if it stood further
//! in than what comes after; one at the end of a line stays as far away as it was. Lines are never joined, broken or moved past each other.

mod append;
mod end_of_list;
mod error;
mod nest;
mod same;
mod scalar;
mod token;
mod write;

pub use append::append;
pub use error::Error;

/// The same text in the canonical layout.
///
/// # Errors
/// Where it is not YAML, or, which is a bug, where the new text would not mean the same.
pub fn format(text: &str) -> Result<String, Error> {
    let laid = write::written(text).map_err(|why| same::wrong(text).unwrap_or(why))?;
    same::check(text, &laid)?;
    Ok(laid)
}

#[cfg(test)]
mod tests;
