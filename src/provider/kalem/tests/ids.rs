//! Refuses ids that no path may hold, wherever a row has one.

use serde_json::json;

use super::observe::{observe, wrapped};
use crate::api::Problem;

#[tokio::test]
async fn an_id_that_no_path_may_hold_is_refused() {
    for id in crate::provider::UNSAFE_IDS {
        let number = |field: &str| {
            let mut number = json!({"id": 1, "number": "+15551234567", "trunk_id": null});
            number[field] = id.into();
            number
        };
        for (at, row) in [
            ("/trunks", json!({"id": id, "name": "A"})),
            ("/numbers", number("id")),
            ("/numbers", number("trunk_id")),
            ("/numbers", number("voice_agent_id")),
            ("/agents", json!({"id": id, "name": "Sales", "type": "voice"})),
        ] {
            let (state, _) = observe(move |ask| {
                let rows = if ask.path == at { std::slice::from_ref(&row) } else { &[] };
                wrapped(rows, ask.page)
            })
            .await;
            let error = state.unwrap_err();
            assert!(matches!(error.problem(), Problem::Unusable { .. }), "{id}: {error}");
            assert!(error.to_string().contains("that no path may hold"), "{id} {at}: {error}");
        }
    }
}
