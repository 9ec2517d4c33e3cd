//! Placeholders become what they stand for, just before a request is sent.
//! In: a request of the plan, the ids that steps have made, the secrets. Out: the request as it goes over the wire.
//! What is not a placeholder stays as the plan says, letter by letter.

use std::collections::{BTreeMap, HashSet};
use std::io;

use secrecy::ExposeSecret;
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

use super::secrets::Secrets;
use crate::api::Body;
use crate::model::{Address, Id, Request, Step};

/// The ids that steps of this run have made.
pub(super) type Made = BTreeMap<Address, Id>;

/// A request ready to be sent. Holds secrets, so it can't be printed.
pub(super) struct Filled {
    pub(super) path: String,
    pub(super) body: Option<Body>,
    /// What is missing in its lists, because no step has made it.
    pub(super) without: Vec<Address>,
}

/// Fills path and body.
pub(super) fn fill(step: &Step, made: &Made, secrets: &Secrets) -> Result<Filled, String> {
    let Request { path, body, method: _ } = &step.request;
    let mut body = body.clone();
    let mut without = Vec::new();
    if step.expect.partial {
        body.iter_mut().for_each(|body| leave_out(body, made, &mut without));
    }
    let body = body.map(|body| wire(&Filling { template: &body, made, secrets })).transpose()?;
    Ok(Filled { path: self::path(path, made)?, body, without })
}

/// Takes out of all lists what no step has made.
fn leave_out(body: &mut Json, made: &Made, without: &mut Vec<Address>) {
    match body {
        Json::Array(items) => items.retain_mut(|item| {
            let missing = item.as_str().and_then(made_by).filter(|address| !made.contains_key(address));
            leave_out(item, made, without);
            let is_there = missing.is_none();
            without.extend(missing);
            is_there
        }),
        Json::Object(parts) => parts.values_mut().for_each(|part| leave_out(part, made, without)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// What a placeholder in a body stands for, if it stands for an id.
fn made_by(text: &str) -> Option<Address> {
    let inside = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'))?;
    (!inside.starts_with("env:") && !inside.starts_with("file:")).then(|| inside.parse().ok()).flatten()
}

/// What a step can do without, if it is not made: what stands in its lists.
pub(super) fn may_lack(step: &Step) -> HashSet<Address> {
    let mut lacking = HashSet::new();
    let mut pending: Vec<&Json> = step.request.body.iter().filter(|_| step.expect.partial).collect();
    while let Some(next) = pending.pop() {
        match next {
            Json::Array(items) => {
                lacking.extend(items.iter().filter_map(Json::as_str).filter_map(made_by));
                pending.extend(items);
            }
            Json::Object(parts) => pending.extend(parts.values()),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
    lacking
}

/// Fills what an entry of a list is known by; a secret is not.
pub(super) fn fields(template: &Map<String, Json>, made: &Made) -> Result<Map<String, Json>, String> {
    let secrets = Secrets::default();
    let filled = |template| serde_json::to_value(Filling { template, made, secrets: &secrets });
    let fields = template.iter().map(|(name, field)| Ok((name.clone(), filled(field)?)));
    fields.collect::<Result<_, serde_json::Error>>().map_err(|why| why.to_string())
}

/// The bytes of a body. No secret is copied but into them; they are of their final size from the start, since what grows leaves copies behind.
fn wire(body: &Filling<'_>) -> Result<Body, String> {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, body).map_err(|why| why.to_string())?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut *bytes, body).map_err(|why| why.to_string())?;
    Ok(Body::new(bytes))
}

/// Counts what is written, and keeps nothing of it.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A part of a body that is written as what its placeholders stand for; the filled body is never in memory as a value.
#[derive(Clone, Copy)]
struct Filling<'a> {
    template: &'a Json,
    made: &'a Made,
    secrets: &'a Secrets,
}

impl Serialize for Filling<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let part = |template| Self { template, ..*self };
        match self.template {
            Json::String(text) => self.text(text, to),
            Json::Array(items) => to.collect_seq(items.iter().map(part)),
            Json::Object(parts) => to.collect_map(parts.iter().map(|(key, value)| (key, part(value)))),
            plain @ (Json::Null | Json::Bool(_) | Json::Number(_)) => plain.serialize(to),
        }
    }
}

impl Filling<'_> {
    fn text<S: Serializer>(&self, text: &str, to: S) -> Result<S::Ok, S::Error> {
        let literal = Request::text_of(text);
        if literal != text {
            return to.serialize_str(literal);
        }
        if let Some(secret) = self.secrets.get(text) {
            return to.serialize_str(secret.expose_secret());
        }
        match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
            None => to.serialize_str(text),
            Some(inside) if inside.starts_with("env:") || inside.starts_with("file:") => {
                Err(S::Error::custom(format!("the secret `{inside}` was not read")))
            }
            Some(inside) => id(inside, self.made).map_err(S::Error::custom)?.to_json().serialize(to),
        }
    }
}

/// Fills a path.
pub(super) fn path(template: &str, made: &Made) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        let (inside, after) = after.split_once('}').ok_or("a placeholder of the path has no end")?;
        let address = inside.replace("%7D", "}").replace("%2F", "/").replace("%25", "%");
        filled.push_str(before);
        filled.push_str(&id(&address, made)?.to_segment());
        rest = after;
    }
    Ok(filled + rest)
}

fn id<'a>(address: &str, made: &'a Made) -> Result<&'a Id, String> {
    let address: Address = address.parse()?;
    made.get(&address).ok_or_else(|| format!("no step has made `{address}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::KindName;

    fn made() -> Made {
        let odd: Address = "kalem.trunk.a}/b%".parse().unwrap();
        BTreeMap::from([
            ("kalem.trunk.Backup".parse().unwrap(), Id::Int(7)),
            (odd, Id::Text("x/../y".into())),
        ])
    }

    fn json(filled: &Filled) -> Json {
        serde_json::from_slice(filled.body.as_ref().unwrap().as_bytes()).unwrap()
    }

    fn step(method: &str, path: &str, body: Option<Json>) -> Step {
        let request = Request { method: method.into(), path: path.into(), body };
        Step { request, ..crate::apply::tests::step(1, &[]) }
    }

    #[test]
    fn only_whole_texts_are_placeholders_and_literals_lose_one_sign() {
        let body = json!({"trunk_id": "${kalem.trunk.Backup}", "name": Request::literal("${env:HOME}"), "note": "a ${b}",
                          "deep": [{"x": Request::literal("$${kalem.trunk.Backup}")}]});
        let step = step("PUT", "/numbers/9", Some(body));
        let filled = fill(&step, &made(), &Secrets::default()).unwrap();
        let wanted = json!({"trunk_id": 7, "name": "${env:HOME}", "note": "a ${b}", "deep": [{"x": "$${kalem.trunk.Backup}"}]});
        assert_eq!(json(&filled), wanted);
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_the_path() {
        let address = Address::new(&crate::model::Account::new("kalem"), KindName::Trunk, "a}/b%");
        let path = format!("/trunks/{}/x", Request::path_placeholder(&address));
        let step = step("DELETE", &path, None);
        assert_eq!(fill(&step, &made(), &Secrets::default()).ok().unwrap().path, "/trunks/x%2F..%2Fy/x");
    }

    #[test]
    fn what_is_not_known_is_not_sent() {
        for text in ["${kalem.trunk.Nowhere}", "${env:NOT_READ}", "${junk}"] {
            let step = step("PUT", "/x", Some(json!({"a": [text]})));
            assert!(fill(&step, &made(), &Secrets::default()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_may_lack_what_was_not_made_where_the_step_says_so() {
        let body = json!({"ids": ["7", "${kalem.trunk.Backup}", "${kalem.trunk.Nowhere}", "$${x}"], "of": "${kalem.trunk.Backup}"});
        let mut partial = step("PUT", "/x", Some(body));
        partial.expect.partial = true;
        let filled = fill(&partial, &made(), &Secrets::default()).unwrap();
        assert_eq!(json(&filled), json!({"ids": ["7", 7, "${x}"], "of": 7}));
        assert_eq!(filled.without, ["kalem.trunk.Nowhere".parse().unwrap()]);
        partial.request.body = Some(json!({"of": "${kalem.trunk.Nowhere}"}));
        assert!(fill(&partial, &made(), &Secrets::default()).is_err(), "only lists may lack something");
    }
}
