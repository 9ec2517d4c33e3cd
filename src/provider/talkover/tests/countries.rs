//! The first digits of numbers.

use crate::provider::talkover::countries::country;

#[test]
fn the_longest_beginning_says_the_country() {
    for (number, expected) in [
        ("+12125550100", Some("US")),
        ("+15551234567", Some("US")),
        ("+14165550100", Some("CA")),
        ("+18095550100", Some("DO")),
        ("+17875550100", Some("PR")),
        ("+74951234567", Some("RU")),
        ("+77171234567", Some("KZ")),
        ("+441481123456", Some("GG")),
        ("+442071234567", Some("GB")),
        ("+3906698123", Some("VA")),
        ("+390612345678", Some("IT")),
        ("+5511912345678", Some("BR")),
        ("+97145551234", Some("AE")),
        ("+966512345678", Some("SA")),
        ("+3581812345", Some("AX")),
        ("491701234567", Some("DE")),
        ("+18005550100", None),
        ("+870123456789", None),
        ("+88312345678", None),
        ("+1555-123", None),
        ("+", None),
        ("", None),
    ] {
        assert_eq!(country(number), expected, "{number}");
    }
}
