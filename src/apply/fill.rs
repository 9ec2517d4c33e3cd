//! Placeholders become what they stand for, just before a request is sent.
//! In: a request of the plan, the ids that steps have made, the secrets. Out: the request as it goes over the wire.
//! What is not a placeholder stays as the plan says, letter by letter.

use std::collections::BTreeMap;

use secrecy::ExposeSecret;
use serde_json::{Map, Value as Json};

use super::secrets::Secrets;
use crate::model::{Address, Id, Request};

/// The ids that steps of this run have made.
pub(super) type Made = BTreeMap<Address, Id>;

/// A request ready to be sent. Holds secrets, so it can't be printed.
pub(super) struct Filled {
    pub(super) path: String,
    pub(super) body: Option<Json>,
}

/// Fills path and body.
pub(super) fn fill(request: &Request, made: &Made, secrets: &Secrets) -> Result<Filled, String> {
    let body = request.body.as_ref().map(|body| value(body, made, secrets)).transpose()?;
    Ok(Filled { path: path(&request.path, made)?, body })
}

/// Fills what an entry of a list is known by; a secret is not.
pub(super) fn fields(template: &Map<String, Json>, made: &Made) -> Result<Map<String, Json>, String> {
    let none = Secrets::default();
    template.iter().map(|(name, field)| Ok((name.clone(), value(field, made, &none)?))).collect()
}

fn value(template: &Json, made: &Made, secrets: &Secrets) -> Result<Json, String> {
    Ok(match template {
        Json::String(text) => self::text(text, made, secrets)?,
        Json::Array(items) => {
            items.iter().map(|item| value(item, made, secrets)).collect::<Result<Vec<_>, _>>()?.into()
        }
        Json::Object(parts) => {
            let parts = parts.iter().map(|(key, part)| Ok((key.clone(), value(part, made, secrets)?)));
            Json::Object(parts.collect::<Result<_, String>>()?)
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => template.clone(),
    })
}

fn text(text: &str, made: &Made, secrets: &Secrets) -> Result<Json, String> {
    if text.starts_with("$$") && text.trim_start_matches('$').starts_with('{') {
        return Ok(text[1..].into());
    }
    if let Some(secret) = secrets.get(text) {
        return Ok(secret.expose_secret().into());
    }
    match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        None => Ok(text.into()),
        Some(inside) if inside.starts_with("env:") || inside.starts_with("file:") => {
            Err(format!("the secret `{inside}` was not read"))
        }
        Some(inside) => Ok(id(inside, made)?.to_json()),
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
            (odd, Id::from_json(&json!("x/../y")).unwrap()),
        ])
    }

    #[test]
    fn only_whole_texts_are_placeholders_and_literals_lose_one_sign() {
        let body = json!({"trunk_id": "${kalem.trunk.Backup}", "name": Request::literal("${env:HOME}"), "note": "a ${b}",
                          "deep": [{"x": Request::literal("$${kalem.trunk.Backup}")}]});
        let request = Request { method: "PUT".into(), path: "/numbers/9".into(), body: Some(body) };
        let filled = fill(&request, &made(), &Secrets::default()).unwrap();
        let wanted = json!({"trunk_id": 7, "name": "${env:HOME}", "note": "a ${b}", "deep": [{"x": "$${kalem.trunk.Backup}"}]});
        assert_eq!(filled.body, Some(wanted));
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_the_path() {
        let address = Address::new(&crate::model::Account::new("kalem"), KindName::Trunk, "a}/b%");
        let path = format!("/trunks/{}/x", Request::path_placeholder(&address));
        let request = Request { method: "DELETE".into(), path, body: None };
        assert_eq!(fill(&request, &made(), &Secrets::default()).ok().unwrap().path, "/trunks/x%2F..%2Fy/x");
    }

    #[test]
    fn what_is_not_known_is_not_sent() {
        for text in ["${kalem.trunk.Nowhere}", "${env:NOT_READ}", "${junk}"] {
            let request = Request { method: "PUT".into(), path: "/x".into(), body: Some(json!({"a": text})) };
            assert!(fill(&request, &made(), &Secrets::default()).is_err(), "{text}");
        }
    }
}
