//! `+15550100000..+15550100999` stands for its numbers.
//! In: what is written for a number. Out: the first and the last of its numbers, or why it can't be meant.
//! Counts; makes no number before it is known how many there are.

use super::wording::shown;
use crate::model::{Account, Address, KindName};

/// More numbers than this are worth a second look.
pub(super) const MANY: u64 = 10_000;
/// One account's ranges stand for no more numbers than this.
pub(super) const MOST: u64 = 1_000_000;

/// All numbers from the first to the last, which have the same length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    first: u64,
    last: u64,
}

impl Range {
    /// Reads a range; none where the text is not one at all.
    pub(super) fn parse(text: &str) -> Option<Result<Self, String>> {
        let (first, last) = text.split_once("..")?;
        Some(Self::between(first, last))
    }

    fn between(first: &str, last: &str) -> Result<Self, String> {
        let number = |text| digits(text).ok_or_else(|| format!("{} is not in E.164 form", shown(text)));
        let (from, to) = (number(first)?, number(last)?);
        if from.len() != to.len() {
            return Err(format!("{} and {} have a different number of digits", shown(first), shown(last)));
        }
        if from[..country(from)] != to[..country(to)] {
            return Err(format!("{} and {} are in different countries", shown(first), shown(last)));
        }
        let value = |digits: &str| digits.parse().map_err(|_| "a number with too many digits".to_owned());
        let range = Self { first: value(from)?, last: value(to)? };
        if range.first > range.last {
            return Err(format!("{} comes after {}", shown(first), shown(last)));
        }
        if range.len() > MOST {
            return Err(format!(
                "the range stands for {} numbers, and no more than {MOST} are possible",
                range.len()
            ));
        }
        Ok(range)
    }

    /// How many numbers it stands for.
    pub(super) fn len(self) -> u64 {
        self.last - self.first + 1
    }

    /// The numbers, in order.
    pub(super) fn numbers(self) -> impl Iterator<Item = String> {
        (self.first..=self.last).map(|n| format!("+{n}"))
    }

    /// Whether a number is one of these.
    pub(super) fn contains(self, number: &str) -> bool {
        digits(number).and_then(|d| d.parse().ok()).is_some_and(|n| (self.first..=self.last).contains(&n))
    }

    /// The address of its first number.
    pub(super) fn address(self, account: &Account) -> Address {
        Address::new(account, KindName::Number, &format!("+{}", self.first))
    }
}

/// The range from one number to another, where there is one and nobody would be warned of its size.
pub(crate) fn range_of(first: &str, last: &str) -> Option<String> {
    let range = Range::between(first, last).ok().filter(|range| range.len() <= MANY)?;
    Some(format!("+{}..+{}", range.first, range.last))
}

/// The digits of a number in E.164 form.
fn digits(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('+')?;
    let fits = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
    (fits && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// How many digits the country code has (ITU-T E.164, list of assigned country codes).
fn country(digits: &str) -> usize {
    const TWO: [&str; 43] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
        "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81",
        "82", "84", "86", "90", "91", "92", "93", "94", "95",
    ];
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        _ if TWO.iter().any(|code| digits.starts_with(code)) || digits.starts_with("98") => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Range::parse(text).unwrap().unwrap_err()
    }

    #[test]
    fn a_range_stands_for_its_numbers() {
        let range = Range::parse("+15550100998..+15550101001").unwrap().unwrap();
        let numbers: Vec<_> = range.numbers().collect();
        assert_eq!(numbers, ["+15550100998", "+15550100999", "+15550101000", "+15550101001"]);
        assert_eq!(range.len(), 4);
        assert!(range.contains("+15550101000") && !range.contains("+15550101002") && !range.contains("x"));
    }

    #[test]
    fn a_range_that_cannot_be_meant_says_why() {
        assert_eq!(Range::parse("+15550100000"), None);
        assert!(error("+15550100001..+15550100000").contains("comes after"));
        assert!(error("+15550100001..+155501000020").contains("digits"));
        assert!(error("+4420710000000..+4520710000000").contains("countries"));
        assert!(error("+35310000000..+35410000000").contains("countries"));
        assert!(error("+15550000000..+15559999999").contains("10000000 numbers"));
        assert!(error("15550100000..+15550100001").contains("`15550100000` is not in E.164 form"));
        assert!(error("+15550100000..").contains("E.164"));
    }
}
