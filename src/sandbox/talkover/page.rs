//! In: the rows of a list and the page that is asked for.
//! Out: the rows of that page, with or without what says how many there are.
//! Never sorts.

use serde_json::{Value, json};

use super::super::platform::{Call, Reply};
use super::check::Check;
use super::envelope::success;

const DEFAULT_SIZE: usize = 20;
const LARGEST_SIZE: i64 = 100;

/// Which page, and how many rows it has.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    page: usize,
    size: usize,
}

impl Asked {
    pub(super) fn of(check: &mut Check<'_>) -> Self {
        let mut number = |field, most, default| {
            check.between(field, 1, most).and_then(|number| usize::try_from(number).ok()).unwrap_or(default)
        };
        Self { page: number("page", i64::MAX, 1), size: number("per_page", LARGEST_SIZE, DEFAULT_SIZE) }
    }
}

/// Goes through all rows that fit and shows those of the page.
pub(super) fn answer<T>(
    call: &Call<'_>,
    asked: Asked,
    rows: impl Iterator<Item = T>,
    show: impl Fn(T) -> Value,
) -> Reply {
    let Asked { page, size } = asked;
    let (data, total) = call.rows_of((page, size), rows, show);
    let meta = json!({
        "current_page": page, "per_page": size, "total": total, "last_page": total.div_ceil(size).max(1),
    });
    Reply::json(200, json!({ "success": true, "data": data, "meta": meta }))
}

/// All rows at once.
pub(super) fn whole(call: &Call<'_>, mut data: Vec<Value>) -> Reply {
    if call.quirks.short_page {
        data.pop();
    }
    success(200, data.into())
}
