//! What the configuration files of all platforms have in common.
//! In: a platform's trunk and number types. Out: the schema of its file and the table of its kinds.
//! Reads no file: that is `config`'s.

pub mod generate;
pub mod nullability;
pub mod sections;
pub mod shared;
pub mod types;
