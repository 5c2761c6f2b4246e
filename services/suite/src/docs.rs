//! `/docs` and `/openapi/{name}.json`: the documents of what this process serves, as it serves them. The pages' assets are
//! in the program (feature `docs`): nothing is fetched from elsewhere.
use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, ContentType},
    web::{self, Path, ServiceConfig},
};
use platform::{Service, openapi};
use std::sync::OnceLock;

/// One OpenAPI document and where it is served.
struct Document {
    name: &'static str,
    path: String,
    text: String,
}
/// Of this process: the HTTP end takes plain functions, so what they serve stands here. Written once, before listening.
static DOCUMENTS: OnceLock<Vec<Document>> = OnceLock::new();
/// All services together.
const MERGED: &str = "yewu";

/// Makes the documents of these services: the merged one, and one each.
pub(crate) fn prepare(services: &[Service]) {
    let make = |name: &'static str, services: &[Service]| Document {
        name,
        path: format!("/openapi/{name}.json"),
        text: openapi::document(services).to_string(),
    };
    DOCUMENTS.get_or_init(|| {
        let each = services.iter().map(|service| make(service.name, &[*service]));
        [make(MERGED, services)].into_iter().chain(each).collect()
    });
}

fn documents() -> impl Iterator<Item = &'static Document> {
    DOCUMENTS.get().into_iter().flatten()
}

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.route("/openapi/{name}.json", web::get().to(document));
    #[cfg(feature = "docs")]
    pages(config);
}

async fn document(name: Path<String>) -> HttpResponse {
    match documents().find(|document| document.name == *name) {
        Some(document) => HttpResponse::Ok()
            .insert_header(ContentType::json())
            .insert_header((CACHE_CONTROL, "no-cache"))
            .body(document.text.as_str()),
        None => HttpResponse::NotFound().finish(),
    }
}

#[cfg(feature = "docs")]
fn pages(config: &mut ServiceConfig) {
    use utoipa_swagger_ui::{Config, SwaggerUi, Url};
    let url = |document: &'static Document| Url::with_primary(document.name, &document.path, document.name == MERGED);
    let settings = Config::new(documents().map(url))
        .try_it_out_enabled(true)
        .persist_authorization(true)
        .display_operation_id(true)
        .filter(true)
        .doc_expansion("none");
    config.service(web::redirect("/docs", "/docs/"));
    config.service(SwaggerUi::new("/docs/{_:.*}").config(settings));
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, test};
    use serde_json::Value;

    #[actix_web::test]
    async fn documents_and_their_pages_are_served_from_the_program() {
        prepare(crate::ALL);
        let app = test::init_service(App::new().configure(routes)).await;
        let get = async |path: &str| test::call_service(&app, test::TestRequest::get().uri(path).to_request()).await;
        let merged: Value = test::read_body_json(get("/openapi/yewu.json").await).await;
        let quoting: Value = test::read_body_json(get("/openapi/quoting.json").await).await;
        let count = |document: &Value| document["paths"].as_object().map_or(0, serde_json::Map::len);
        assert!(count(&quoting) > 10 && count(&merged) > count(&quoting));
        assert_eq!(get("/openapi/billing.json").await.status(), 404);
        #[cfg(feature = "docs")]
        {
            assert_eq!(get("/docs").await.status(), 307);
            for page in ["/docs/", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css"] {
                assert_eq!(get(page).await.status(), 200, "{page}");
            }
            let script = test::read_body(get("/docs/swagger-initializer.js").await).await;
            let script = String::from_utf8(script.to_vec()).unwrap();
            assert!(script.contains("/openapi/yewu.json") && script.contains("/openapi/crm.json"), "{script}");
            assert!(!script.contains("petstore"), "{script}");
        }
    }
}
