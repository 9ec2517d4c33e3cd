//! The country that the first digits of a phone number say.
//! In: a number in E.164 form. Out: two letters (ISO 3166-1), or nothing where the digits belong to no one country (free-phone, satellite).
//! Never says whether there is such a number.
//!
//! Source: ITU-T E.164 (list of assigned country codes) and the area codes of the North American plan, as in libphonenumber 9.0.43.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Letters by digits.
type Table = LazyLock<HashMap<&'static str, &'static str>>;

/// The countries of the longest beginnings, as `DIGITS` and letters. `-` is no one country.
static COUNTRIES: Table = Table::new(|| {
    table(
        "\
    1US 7RU 20EG 27ZA 30GR 31NL 32BE 33FR 34ES 36HU 39IT 40RO 41CH 43AT 44GB 45DK 46SE 47NO 48PL 49DE 51PE 52MX 53CU 54AR 55BR 56CL 57CO 58VE 60MY 61AU 62ID \
    63PH 64NZ 65SG 66TH 81JP 82KR 84VN 86CN 90TR 91IN 92PK 93AF 94LK 95MM 98IR 211SS 212MA 213DZ 216TN 218LY 220GM 221SN 222MR 223ML 224GN 225CI 226BF 227NE \
    228TG 229BJ 230MU 231LR 232SL 233GH 234NG 235TD 236CF 237CM 238CV 239ST 240GQ 241GA 242CG 243CD 244AO 245GW 246IO 247AC 248SC 249SD 250RW 251ET 252SO 253DJ \
    254KE 255TZ 256UG 257BI 258MZ 260ZM 261MG 262RE 263ZW 264NA 265MW 266LS 267BW 268SZ 269KM 290SH 291ER 297AW 298FO 299GL 350GI 351PT 352LU 353IE 354IS 355AL \
    356MT 357CY 358FI 359BG 370LT 371LV 372EE 373MD 374AM 375BY 376AD 377MC 378SM 379VA 380UA 381RS 382ME 383XK 385HR 386SI 387BA 389MK 420CZ 421SK 423LI 500FK \
    501BZ 502GT 503SV 504HN 505NI 506CR 507PA 508PM 509HT 590GP 591BO 592GY 593EC 594GF 595PY 596MQ 597SR 598UY 599CW 670TL 672NF 673BN 674NR 675PG 676TO 677SB \
    678VU 679FJ 680PW 681WF 682CK 683NU 685WS 686KI 687NC 688TV 689PF 690TK 691FM 692MH 850KP 852HK 853MO 855KH 856LA 880BD 886TW 960MV 961LB 962JO 963SY 964IQ \
    965KW 966SA 967YE 968OM 970PS 971AE 972IL 973BH 974QA 975BT 976MN 977NP 992TJ 993TM 994AZ 995GE 996KG 998UZ",
    )
});

/// Parts of a country code that are another country's.
static PARTS: Table = Table::new(|| {
    table(
        "\
    77KZ 262269YT 262639YT 2908TA 35818AX 3906698VA 441481GG 447781GG 447839GG 447911GG 441534JE 447509JE 447700JE 447797JE 447829JE 447937JE 441624IM 447524IM \
    447624IM 447924IM 4779SJ 5993BQ 5994BQ 5997BQ 6189162CC 6189164CX",
    )
});

/// The area codes behind `1` that are not of the United States.
static AREAS: Table = Table::new(|| {
    table(
        "\
    204CA 226CA 236CA 249CA 250CA 257CA 263CA 273CA 289CA 306CA 343CA 354CA 365CA 367CA 368CA 382CA 403CA 416CA 418CA 428CA 431CA 437CA 438CA 450CA 468CA 474CA \
    506CA 514CA 519CA 548CA 579CA 581CA 584CA 587CA 600CA 604CA 613CA 622CA 633CA 639CA 647CA 672CA 683CA 705CA 709CA 742CA 753CA 778CA 780CA 782CA 807CA 819CA \
    825CA 867CA 873CA 879CA 902CA 905CA 942CA 242BS 246BB 264AI 268AG 284VG 340VI 345KY 441BM 473GD 649TC 658JM 664MS 670MP 671GU 684AS 721SX 758LC 767DM 784VC \
    787PR 809DO 829DO 849DO 868TT 869KN 876JM 939PR 500- 521- 522- 523- 524- 525- 526- 527- 528- 529- 532- 533- 544- 566- 577- 588- 700- 800- 833- 844- 855- 866- \
    877- 888- 900-",
    )
});

/// The longest beginning that [`PARTS`] or [`COUNTRIES`] know, in digits.
const LONGEST: usize = 7;

/// The country of a number in E.164 form, with or without `+`; none where its first digits are no one country's.
///
/// Territories whose digits are among those of another are under its letters (`GP` for `BL` and `MF`, `MA` for `EH`): what disagrees need not be wrong.
pub fn country(number: &str) -> Option<&'static str> {
    let digits = number.strip_prefix('+').unwrap_or(number);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let area = digits.strip_prefix('1').and_then(|rest| AREAS.get(rest.get(..3)?));
    let beginnings = || (1..=LONGEST.min(digits.len())).rev().map(|length| &digits[..length]);
    let part = || beginnings().find_map(|beginning| PARTS.get(beginning));
    let whole = || beginnings().find_map(|beginning| COUNTRIES.get(beginning));
    area.or_else(part).or_else(whole).copied().filter(|country| *country != "-")
}

/// `DIGITS` and letters, taken apart: an account may have a hundred thousand numbers, and each asks several times.
fn table(entries: &'static str) -> HashMap<&'static str, &'static str> {
    let digits = |entry: &str| entry.bytes().take_while(u8::is_ascii_digit).count();
    entries.split_ascii_whitespace().map(|entry| entry.split_at(digits(entry))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
