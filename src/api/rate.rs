//! What an answer says about the rate of requests.
//! In: its status, its headers, the body of a refusal. Out: how long to wait, what is left of the window and when the next one begins.
//! Never bounds a wait: that is [`super::Bounds`]'. What can't be read says nothing.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value as Json;

/// A number of seconds below this is a time from now: as a date it would be in 2001.
const FIRST_DATE: Duration = Duration::from_secs(1_000_000_000);

/// Where a body says how many seconds to wait, the most telling place first.
const WAITS: [&str; 3] = ["/details/retry_after", "/error/details/retry_after", "/retry_after"];

/// What is left of the present window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// So many requests, at most.
    pub(super) remaining: usize,
    /// Until the next one begins; none where that was not told, or is over.
    pub(super) reset: Option<Duration>,
}

/// What is left of the window, where the headers tell.
pub(super) fn window(headers: &HeaderMap) -> Option<Window> {
    let number = |name| text(headers, name)?.parse().ok();
    // No more can remain than there are.
    let remaining = number("x-ratelimit-remaining").or_else(|| number("x-ratelimit-limit"))?;
    Some(Window { remaining, reset: reset(headers) })
}

/// How long a refusal asks to wait.
///
/// Its body and the end of the window count only for a 429: where every answer tells of the window, a failure does not ask to wait for its end.
pub(super) fn asked(status: u16, headers: &HeaderMap, body: &[u8]) -> Option<Duration> {
    retry_after(headers).or_else(|| {
        let too_many = status == 429;
        too_many.then(|| in_body(body).or_else(|| reset(headers))).flatten()
    })
}

/// `Retry-After`, in seconds or as an HTTP date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, RETRY_AFTER.as_str())?;
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now(headers)).unwrap_or_default())
}

/// A number of seconds in the body, as a number or as its text.
fn in_body(body: &[u8]) -> Option<Duration> {
    let body: Json = serde_json::from_slice(body).ok()?;
    let mut found = WAITS.iter().filter_map(|place| body.pointer(place));
    found.find_map(|value| match value {
        Json::String(text) => seconds(text),
        Json::Number(number) => seconds(&number.to_string()),
        _ => None,
    })
}

/// `X-RateLimit-Reset`, in Unix seconds or, where it is too small for that, in seconds from now. One that is over says nothing.
fn reset(headers: &HeaderMap) -> Option<Duration> {
    let told = seconds(text(headers, "x-ratelimit-reset")?)?;
    let wait = match told < FIRST_DATE {
        true => told,
        false => told.saturating_sub(now(headers).duration_since(UNIX_EPOCH).unwrap_or_default()),
    };
    (!wait.is_zero()).then_some(wait)
}

/// The platform's own clock where it tells, since its dates are read off that one.
fn now(headers: &HeaderMap) -> SystemTime {
    let told = text(headers, DATE.as_str()).and_then(|text| httpdate::parse_http_date(text).ok());
    told.unwrap_or_else(SystemTime::now)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.trim().parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    /// `Date` of the tests, and the same in Unix seconds.
    const NOON: (&str, u64) = ("Wed, 21 Oct 2015 12:00:00 GMT", 1_445_428_800);

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        let header = |(name, value): &(&str, &str)| {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
            (name, HeaderValue::from_str(value).expect("a header value"))
        };
        lines.iter().map(header).collect()
    }

    fn secs(seconds: u64) -> Option<Duration> {
        Some(Duration::from_secs(seconds))
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let read = |text: &str| retry_after(&headers(&[("retry-after", text)]));
        assert_eq!(read("7"), secs(7));
        assert_eq!(read("Wed, 21 Oct 2015 07:28:00 GMT"), secs(0));
        let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(20));
        assert!((15..=20).contains(&read(&soon).unwrap().as_secs()));
        for nonsense in ["-1", "1.5", "soon", ""] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn the_clock_is_the_platforms() {
        let later = "Wed, 21 Oct 2015 12:00:09 GMT";
        assert_eq!(retry_after(&headers(&[("date", NOON.0), ("retry-after", later)])), secs(9));
        let unix = (NOON.1 + 30).to_string();
        assert_eq!(reset(&headers(&[("date", NOON.0), ("x-ratelimit-reset", &unix)])), secs(30));
        // The date of the tests is long over on this machine's clock.
        assert_eq!(reset(&headers(&[("x-ratelimit-reset", &unix)])), None);
    }

    #[test]
    fn a_small_reset_is_from_now() {
        let read = |text: &str| reset(&headers(&[("x-ratelimit-reset", text)]));
        assert_eq!([read("60"), read(" 0.5 ")], [secs(60), Some(Duration::from_millis(500))]);
        for nothing in ["0", "-3", "soon", "inf", "NaN", "", "1e300"] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn the_most_telling_place_counts() {
        let all = [("retry-after", "1"), ("x-ratelimit-reset", "5")];
        let nested = br#"{"success":false,"error":{"code":"x","details":{"retry_after":3}}}"#;
        let top = br#"{"details":{"retry_after":"2"},"error":{"details":{"retry_after":3}},"retry_after":4}"#;
        assert_eq!(asked(429, &headers(&all), top), secs(1));
        assert_eq!(asked(429, &headers(&all[1..]), top), secs(2));
        assert_eq!(asked(429, &headers(&all[1..]), nested), secs(3));
        assert_eq!(asked(429, &headers(&all[1..]), br#"{"retry_after":4}"#), secs(4));
        for silent in [&b"<html>"[..], b"", b"[]", br#"{"retry_after":"soon","details":[]}"#] {
            assert_eq!(asked(429, &headers(&all[1..]), silent), secs(5));
            assert_eq!(asked(429, &headers(&[]), silent), None);
        }
        assert_eq!(asked(503, &headers(&all), top), secs(1));
        assert_eq!(asked(503, &headers(&all[1..]), top), None, "a failure does not end with the window");
    }

    #[test]
    fn the_window_is_what_the_headers_tell() {
        let read = |lines: &[(&str, &str)]| window(&headers(lines));
        let (limit, left) = (("x-ratelimit-limit", "100"), ("x-ratelimit-remaining", "3"));
        let reset = ("x-ratelimit-reset", "9");
        assert_eq!(read(&[limit, left, reset]), Some(Window { remaining: 3, reset: secs(9) }));
        assert_eq!(read(&[limit, left]), Some(Window { remaining: 3, reset: None }));
        assert_eq!(read(&[limit]), Some(Window { remaining: 100, reset: None }));
        assert_eq!(read(&[reset]), None);
        assert_eq!(read(&[("x-ratelimit-remaining", "-1")]), None);
    }
}
