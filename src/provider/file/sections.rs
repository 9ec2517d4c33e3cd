//! The sections of a configuration file.
//! In: nothing. Out: the name of each section with the kind of its resources.
//! Knows no attribute.

use crate::model::KindName;

/// The section of a file that lists resources of a kind.
pub const SECTIONS: [(&str, KindName); 2] = [("trunks", KindName::Trunk), ("numbers", KindName::Number)];
