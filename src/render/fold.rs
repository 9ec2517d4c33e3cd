//! Many numbers on one line.
//! In: E.164 numbers or step ids, sorted or not. Out: runs of neighbours, and a short text for them.
//! Never leaves anything out without saying how much.

/// So many runs are written out; the rest is a count.
pub(super) const RUNS: usize = 8;

/// Numbers as ranges: `+15550100000..+15550100411, +15550100500`.
pub(super) fn numbers(names: &[&str]) -> String {
    listed(runs(names), RUNS, "more ranges")
}

/// The same, each run of neighbours for itself and none left out.
pub(super) fn runs(names: &[&str]) -> Vec<String> {
    let mut sorted: Vec<(&str, Option<u64>)> = names.iter().map(|name| (*name, digits(name))).collect();
    sorted.sort_by_key(|(name, value)| (value.unwrap_or(u64::MAX), *name));
    let mut runs: Vec<(&str, &str, Option<u64>)> = Vec::new();
    for (name, value) in sorted {
        match runs.last_mut() {
            Some((first, last, end))
                if first.len() == name.len() && end.is_some() && end.map(|end| end + 1) == value =>
            {
                (*last, *end) = (name, value);
            }
            _ => runs.push((name, name, value)),
        }
    }
    let texts = runs.iter().map(
        |(first, last, _)| {
            if first == last { (*first).to_owned() } else { format!("{first}..{last}") }
        },
    );
    texts.collect()
}

/// Step ids as ranges: `#2-#413, #415`.
pub(super) fn ids(ids: &[u32], sign: &str) -> String {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for id in sorted {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(id) => *last = id,
            _ => runs.push((id, id)),
        }
    }
    let texts = runs.iter().map(|(first, last)| match last - first {
        0 => format!("{sign}{first}"),
        1 => format!("{sign}{first}, {sign}{last}"),
        _ => format!("{sign}{first}-{sign}{last}"),
    });
    listed(texts.collect(), RUNS, "more")
}

/// A list that stops after so many and says how many are missing.
pub(super) fn listed(items: Vec<String>, limit: usize, rest: &str) -> String {
    let missing = items.len().saturating_sub(limit);
    let shown = items.into_iter().take(limit).collect::<Vec<_>>().join(", ");
    if missing == 0 { shown } else { format!("{shown} and {missing} {rest}") }
}

/// The first so many characters, and how many are missing.
pub(super) fn clipped(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}… ({} more characters)", &text[..end], text[end..].chars().count()),
    }
}

/// A count with its word: `1 number`, `2 numbers`.
pub(super) fn count(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

fn digits(name: &str) -> Option<u64> {
    let digits = name.strip_prefix('+')?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_ranges_and_strangers_stay() {
        assert_eq!(numbers(&["+12", "+11", "+10", "+14"]), "+10..+12, +14");
        assert_eq!(numbers(&["+99", "+100"]), "+99, +100", "a range never spans two lengths");
        assert_eq!(numbers(&["x", "+1"]), "+1, x");
    }

    #[test]
    fn ids_fold_and_long_lists_say_what_is_missing() {
        assert_eq!(ids(&[4, 2, 3, 7, 8], "#"), "#2-#4, #7, #8");
        let odd: Vec<u32> = (0..12).map(|n| n * 2).collect();
        assert_eq!(ids(&odd, ""), "0, 2, 4, 6, 8, 10, 12, 14 and 4 more");
    }
}
