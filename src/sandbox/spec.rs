//! In: one fault specification as text, `KIND[=VALUE][,KEY=VALUE…]`.
//! Out: a [`Fault`], or what is wrong with the text and what would be right.
//! Never knows what a fault does.

use std::str::FromStr;
use std::time::Duration;

use super::echo::Echo;
use super::fault::{Budget, Fault, FaultError, Kind, Matcher, RetryAfter, SWITCHES, Switch, Trouble, Way};

const EFFECT_ONLY: &str = "`effect` goes with status, 429, html, redirect, hang and echo only";

type Counted = fn(u64) -> Switch;

/// Switches that say how many requests they are for.
const COUNTED: &[(&str, Counted)] =
    &[("number-lag", Switch::NumberLag), ("number-stuck", Switch::NumberStuck)];

const WAYS: &[(&str, Way, bool)] = &[
    ("429", Way::Status(429, Some(RetryAfter::Seconds(1))), false),
    ("reset-before", Way::Reset, false),
    ("reset-after", Way::Reset, true),
    ("truncate", Way::Truncate, true),
    ("malformed", Way::Malformed, true),
    ("html", Way::Html, false),
    ("redirect", Way::Redirect, false),
    ("hang", Way::Hang, true),
    ("timeout", Way::Hang, true),
];

const KEYS: &str =
    "method, path, platform, request, nth, after, times, retry-after, effect, keep-total, status, cut";

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(spec: &str) -> Result<Self, Self::Err> {
        parse(spec).map_err(|problem| FaultError { spec: spec.to_owned(), problem })
    }
}

fn parse(spec: &str) -> Result<Fault, String> {
    let mut parts = spec.split(',').map(pair);
    let (name, value) = parts.next().unwrap_or_default();
    let mut fault = Fault { kind: kind(name, value)?, when: Matcher::default() };
    for (key, value) in parts {
        match value {
            None if key == "keep-total" => fault.keep_total()?,
            None => return Err(format!("`{key}` needs a value, as in `{key}=…`; known are {KEYS}")),
            Some(value) => fault.set(key, value)?,
        }
    }
    fault.limit_to_pages();
    Ok(fault)
}

fn pair(part: &str) -> (&str, Option<&str>) {
    match part.split_once('=') {
        Some((key, value)) => (key.trim(), Some(value.trim())),
        None => (part.trim(), None),
    }
}

fn kind(name: &str, value: Option<&str>) -> Result<Kind, String> {
    match (name, value) {
        ("latency", Some(value)) => duration(value).map(Kind::Latency),
        ("status", Some(value)) => status(value),
        ("echo", Some(form)) => Echo::in_form(form).map(Kind::echo),
        (name, value) if let Some((_, switch)) = COUNTED.iter().find(|(known, _)| *known == name) => {
            let value = value.ok_or_else(|| format!("`{name}` needs a number of requests: {name}=2"))?;
            count(name, value).map(|count| Kind::Switch(switch(count)))
        }
        ("rate-limit", Some(value)) => budget(value),
        ("latency" | "status" | "rate-limit" | "echo", None) => {
            Err(format!("`{name}` needs a value: latency=20ms, status=503, rate-limit=5/2s or echo=json"))
        }
        (_, Some(_)) => Err(format!("`{name}` does not take a value")),
        (_, None) => plain_kind(name),
    }
}

fn plain_kind(name: &str) -> Result<Kind, String> {
    if let Some((_, way, carried_out)) = WAYS.iter().find(|(known, ..)| *known == name) {
        return Ok(Kind::Trouble(Trouble { way: *way, carried_out: *carried_out }));
    }
    if let Some((_, switch)) = SWITCHES.iter().find(|(known, _)| *known == name) {
        return Ok(Kind::Switch(*switch));
    }
    match name {
        "shift-page" => Ok(Kind::ShiftPage { keep_total: false }),
        "short-page" => Ok(Kind::ShortPage),
        _ => {
            let mut known = vec![
                "latency=TIME",
                "status=CODE",
                "rate-limit=N/TIME",
                "echo=FORM",
                "shift-page",
                "short-page",
            ];
            known.extend(WAYS.iter().map(|(known, ..)| *known));
            known.extend(COUNTED.iter().map(|(known, _)| *known));
            known.extend(SWITCHES.iter().map(|(known, _)| *known));
            Err(format!("unknown kind `{name}`; known are {}", known.join(", ")))
        }
    }
}

fn status(value: &str) -> Result<Kind, String> {
    let code = status_code(value)?;
    let wait = (code == 429).then_some(RetryAfter::Seconds(1));
    Ok(Kind::Trouble(Trouble { way: Way::Status(code, wait), carried_out: false }))
}

fn status_code(value: &str) -> Result<u16, String> {
    let code = value.parse().ok().filter(|code| (400..=599).contains(code));
    code.ok_or_else(|| format!("`{value}` is not a status from 400 to 599"))
}

fn budget(value: &str) -> Result<Kind, String> {
    let wrong = || format!("`{value}` is not a number of requests and a time, such as 5/2s");
    let (count, window) = value.split_once('/').ok_or_else(wrong)?;
    let count = count.trim().parse().map_err(|_| wrong())?;
    Ok(Kind::RateLimit(Budget { count, window: duration(window.trim())? }))
}

fn duration(value: &str) -> Result<Duration, String> {
    let wrong = || format!("`{value}` is not a time such as 20ms or 2s");
    let (digits, scale) = match value.strip_suffix("ms") {
        Some(digits) => (digits, 1),
        None => (value.strip_suffix('s').ok_or_else(wrong)?, 1000),
    };
    let count: u32 = digits.parse().map_err(|_| wrong())?;
    Ok(Duration::from_millis(u64::from(count) * scale))
}

fn count(key: &str, value: &str) -> Result<u64, String> {
    let count = value.parse().map_err(|_| format!("`{key}={value}`: not a whole number"))?;
    if count == 0 && (key == "nth" || key == "times") {
        return Err(format!("`{key}` counts from 1"));
    }
    Ok(count)
}

impl Fault {
    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "method" => self.when.method = Some(value.to_ascii_uppercase()),
            "path" => self.when.path = Some(value.to_owned()),
            "platform" => self.when.platform = Some(value.to_owned()),
            "request" => self.when.request = Some(count(key, value)?),
            "nth" => self.when.nth = Some(count(key, value)?),
            "after" => self.when.after = Some(count(key, value)?),
            "times" => self.when.times = Some(count(key, value)?),
            "retry-after" => self.retry_after(value)?,
            "effect" => self.effect(value)?,
            "status" => self.echo(key)?.status = status_code(value)?,
            "cut" => self.echo(key)?.cut = Some(count(key, value)? as usize),
            "keep-total" => return Err("`keep-total` does not take a value".to_owned()),
            _ => return Err(format!("unknown key `{key}`; known are {KEYS}")),
        }
        Ok(())
    }

    fn retry_after(&mut self, value: &str) -> Result<(), String> {
        let Kind::Trouble(Trouble { way: Way::Status(_, wait), .. }) = &mut self.kind else {
            return Err("`retry-after` goes with `status` and `429` only".to_owned());
        };
        *wait = match value {
            "none" => None,
            "date" => Some(RetryAfter::Date),
            _ => Some(RetryAfter::Seconds(
                value.parse().map_err(|_| format!("`retry-after={value}`: seconds, `date` or `none`"))?,
            )),
        };
        Ok(())
    }

    fn effect(&mut self, value: &str) -> Result<(), String> {
        let Kind::Trouble(Trouble { way, carried_out }) = &mut self.kind else {
            return Err(EFFECT_ONLY.to_owned());
        };
        if matches!(way, Way::Reset | Way::Truncate | Way::Malformed) {
            return Err(EFFECT_ONLY.to_owned());
        }
        *carried_out = match value {
            "after" => true,
            "before" => false,
            _ => return Err(format!("`effect={value}`: `before` or `after`")),
        };
        Ok(())
    }

    fn echo(&mut self, key: &str) -> Result<&mut Echo, String> {
        match &mut self.kind {
            Kind::Trouble(Trouble { way: Way::Echo(echo), .. }) => Ok(echo),
            _ => Err(format!("`{key}` goes with `echo` only")),
        }
    }

    fn keep_total(&mut self) -> Result<(), String> {
        let Kind::ShiftPage { keep_total } = &mut self.kind else {
            return Err("`keep-total` goes with `shift-page` only".to_owned());
        };
        *keep_total = true;
        Ok(())
    }

    /// The two page faults mean lists, whatever else the specification says.
    fn limit_to_pages(&mut self) {
        let shift = matches!(self.kind, Kind::ShiftPage { .. });
        if shift || self.kind == Kind::ShortPage {
            self.when.method = Some("GET".to_owned());
        }
        self.when.later_page = shift;
        if shift && self.when.nth.is_none() && self.when.times.is_none() {
            self.when.times = Some(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(spec: &str) -> String {
        spec.parse::<Fault>().unwrap_err().to_string()
    }

    #[test]
    fn a_specification_names_kind_and_matchers() {
        let fault: Fault = "status=503, method=post, path=/trunks*, times=2, retry-after=3".parse().unwrap();
        let way = Way::Status(503, Some(RetryAfter::Seconds(3)));
        assert_eq!(fault.kind, Kind::Trouble(Trouble { way, carried_out: false }));
        let when = Matcher {
            method: Some("POST".to_owned()),
            path: Some("/trunks*".to_owned()),
            times: Some(2),
            ..Matcher::default()
        };
        assert_eq!(fault.when, when);
    }

    #[test]
    fn each_kind_has_its_default_effect() {
        for (spec, expected) in
            [("429", false), ("reset-before", false), ("reset-after", true), ("hang", true)]
        {
            let fault: Fault = spec.parse().unwrap();
            let Kind::Trouble(trouble) = fault.kind else { panic!("{spec}") };
            assert_eq!(trouble.carried_out, expected, "{spec}");
        }
        assert_eq!("latency=2s".parse::<Fault>().unwrap().kind, Kind::Latency(Duration::from_secs(2)));
        assert_eq!("429".parse::<Fault>(), "status=429".parse());
    }

    #[test]
    fn an_error_says_what_is_allowed() {
        let text = error("explode");
        assert!(
            text.starts_with("fault `explode`: unknown kind `explode`; known are latency=TIME"),
            "{text}"
        );
        assert!(text.ends_with("delete-204"), "{text}");
        for (spec, part) in [
            ("", "unknown kind"),
            ("status", "needs a value"),
            ("status=200", "from 400 to 599"),
            ("echo", "echo=json"),
            ("echo=yaml", "json, percent, html, raw"),
            ("echo=raw,status=200", "from 400 to 599"),
            ("echo=raw,cut=x", "not a whole number"),
            ("html,status=500", "`echo` only"),
            ("truncate,cut=3", "`echo` only"),
            ("latency=20", "20ms or 2s"),
            ("rate-limit=5", "such as 5/2s"),
            ("bare=1", "does not take a value"),
            ("number-lag", "number-lag=2"),
            ("number-stuck=x", "not a whole number"),
            ("bare,nth=0", "counts from 1"),
            ("bare,nth", "needs a value"),
            ("bare,when=1", "unknown key `when`; known are method"),
            ("bare,request=x", "not a whole number"),
            ("bare,keep-total", "`shift-page` only"),
            ("hang,retry-after=1", "`status` and `429` only"),
            ("429,retry-after=soon", "seconds, `date` or `none`"),
            ("truncate,effect=before", "echo only"),
            ("hang,effect=maybe", "`before` or `after`"),
        ] {
            assert!(error(spec).contains(part), "{spec}: {}", error(spec));
        }
    }
}
