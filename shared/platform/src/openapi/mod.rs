//! The OpenAPI 3.1 document, from the code: what `utoipa` collects, plus what is the same everywhere and therefore said once:
//! problem answers, security, headers, path ids, permissions, events, fields, examples, links.
mod examples;
pub mod facts;
pub mod fields;
mod headers;
mod links;
mod lists;
mod pages;
mod problems;

use crate::{
    Operation, Operations, Service,
    auth::{Role, Scope, grants},
    contract::Schemas,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use wire::Problem;

/// The document of some services together.
#[must_use]
pub fn document(services: &[Service]) -> Value {
    let mut document = bounded(services);
    fields::describe(&mut document["components"]["schemas"]);
    let schemas = document["components"]["schemas"].clone();
    for methods in document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        methods.as_object_mut().into_iter().flat_map(Map::values_mut).for_each(|one| examples::fill(one, &schemas));
    }
    links::add(&mut document);
    document
}

/// The document with all that the gate holds a request to, without what only readers want.
fn bounded(services: &[Service]) -> Value {
    let (_, api) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(base(services))
        .configure(|config| {
            for service in services {
                config.service(
                    utoipa_actix_web::scope(service.base().as_str())
                        .configure(service.routes)
                        .configure(crate::common::routes),
                );
            }
        })
        .split_for_parts();
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    finish(&mut document);
    document
}

/// Every operation, as the gate wants it. One service after the other: a document is large while it is made, and only little of
/// it is kept.
///
/// # Panics
/// When a document is none: what is generated from the code is, and a test asks for all of it.
#[must_use]
pub fn operations(services: &[Service]) -> Operations {
    services.chunks(1).flat_map(|service| of_document(&bounded(service)).expect("a document's schemas")).collect()
}

fn of_document(document: &Value) -> serde_json::Result<Operations> {
    let schemas = Arc::new(Schemas::deserialize(&document["components"]["schemas"])?);
    let mut table = Operations::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            if let Some(operation) = Operation::new(operation, &schemas)? {
                table.insert((method.clone(), path.clone()), operation);
            }
        }
    }
    Ok(table)
}

/// What holds for every operation, for whoever has nothing but the document.
const CONVENTIONS: &str = include_str!("conventions.md");

fn base(services: &[Service]) -> OpenApi {
    use utoipa::{
        PartialSchema,
        openapi::{
            ComponentsBuilder, InfoBuilder, OpenApiBuilder,
            security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
        },
    };
    let title = match services {
        [one] => format!("Yewu {}", one.name),
        _ => "Yewu".to_owned(),
    };
    let mut about: Vec<String> = services.iter().map(|s| format!("**{}**: {}", s.name, s.about)).collect();
    about.push(CONVENTIONS.to_owned());
    OpenApiBuilder::new()
        .info(InfoBuilder::new().title(title).version("1").description(Some(about.join("\n\n"))).build())
        .components(Some(
            ComponentsBuilder::new()
                .schema("Problem", Problem::schema())
                .schema("FieldError", wire::FieldError::schema())
                .schema("Gate", wire::Gate::schema())
                .security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)))
                .build(),
        ))
        .security(Some([SecurityRequirement::new("bearer", Vec::<String>::new())]))
        .build()
}

fn finish(document: &mut Value) {
    document["components"]["responses"] = problems::all();
    document["components"]["headers"] = headers::all();
    pages::name_rows(&mut document["components"]["schemas"]);
    close_unions(&mut document["components"]["schemas"]);
    let schemas = document["components"]["schemas"].clone();
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, methods) in paths.iter_mut() {
        let service = path.split('/').nth(2).unwrap_or_default().to_owned();
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            complete(&service, path, method, operation, &schemas);
        }
    }
}

/// What a schema refers to; itself where it is none that refers.
fn referred<'a>(schema: &'a Value, schemas: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    name.map_or(schema, |name| &schemas[name])
}

/// A variant of a tagged union is a shape and its tag. A shape that is closed by itself would refuse the tag, so that nothing
/// could be sent; the two are closed together.
fn close_unions(schemas: &mut Value) {
    let mut opened = Vec::new();
    let unions = schemas.as_object_mut().into_iter().flat_map(Map::values_mut);
    for variant in unions.filter_map(|union| union.get_mut("oneOf")?.as_array_mut()).flatten() {
        let Some(parts) = variant["allOf"].as_array() else { continue };
        let shapes = parts.iter().filter_map(|part| part["$ref"].as_str()?.rsplit('/').next());
        opened.extend(shapes.map(str::to_owned));
        variant["unevaluatedProperties"] = json!(false);
    }
    for shape in opened {
        if let Some(shape) = schemas[&shape].as_object_mut() {
            shape.remove("additionalProperties");
        }
    }
}

/// A GET reads, everything else does what its operation id says: `submit_quote` tagged `quote` is `quoting.quote.submit`.
fn permission(service: &str, method: &str, operation: &Value) -> String {
    let tag = operation["tags"][0].as_str().unwrap_or_default();
    let id = operation["operationId"].as_str().unwrap_or_default();
    let verb = if method == "get" { "read" } else { id.split(&format!("_{tag}")).next().unwrap_or(id) };
    format!("{service}.{tag}.{verb}")
}

fn complete(service: &str, path: &str, method: &str, operation: &mut Value, schemas: &Value) {
    let permission =
        operation["x-permission"].as_str().map_or_else(|| permission(service, method, operation), str::to_owned);
    operation["x-permission"] = json!(permission);
    let public = grants::is_public(&permission);
    if public {
        operation["security"] = json!([]);
    }
    // The platform's routes are the same function in six services; ids must be unique over the suite (ruling 4).
    if operation["x-common"].is_null()
        && [
            "approval",
            "policy",
            "delegation",
            "attachment",
            "numbering",
            "document_register",
            "handover_move",
            "audit",
            "me",
            "change",
            "state_machine",
            "parked",
            "calendar",
            "word",
        ]
        .contains(&operation["tags"][0].as_str().unwrap_or(""))
    {
        let id = operation["operationId"].as_str().unwrap_or_default();
        operation["operationId"] = json!(format!("{service}_{id}"));
    }
    operation["x-events"] = json!(facts::told_by(operation["operationId"].as_str().unwrap_or_default()));
    say_who(&permission, operation);
    parameters(path, method, operation);
    lists::type_status(operation, schemas);
    problems::add(path, method, public, operation);
    headers::add(method, operation, schemas);
}

/// Who may, where it is read: beside what the operation does.
fn say_who(permission: &str, operation: &mut Value) {
    let held = grants::who(permission);
    let may = if grants::is_public(permission) {
        "whoever has the link, without an account".to_owned()
    } else if held.len() == Role::ALL.len() && held.iter().all(|(_, scope)| *scope == Scope::All) {
        "everybody".to_owned()
    } else {
        let by_scope = Scope::ALL.iter().rev().filter_map(|scope| {
            let roles: Vec<String> =
                held.iter().filter(|(_, of)| of == scope).map(|(role, _)| role.to_string()).collect();
            (!roles.is_empty()).then(|| format!("{} ({scope})", roles.join(", ")))
        });
        by_scope.collect::<Vec<_>>().join("; ")
    };
    let said = operation["description"].as_str().map(|text| format!("{text}\n\n")).unwrap_or_default();
    operation["description"] = json!(format!("{said}May: {may}."));
}

fn parameters(path: &str, method: &str, operation: &mut Value) {
    if !operation["parameters"].is_array() {
        operation["parameters"] = json!([]);
    }
    let known: Vec<String> = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|p| p["name"].as_str().map(str::to_owned))
        .collect();
    let mut missing = Vec::new();
    for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        if !known.iter().any(|k| k == name) {
            let schema = if name == "id" || name.ends_with("_id") {
                json!({"type": "string", "format": "uuid"})
            } else {
                json!({"type": "string"})
            };
            missing.push(json!({"name": name, "in": "path", "required": true, "schema": schema}));
        }
    }
    if method == "post" && operation["x-pure"] != json!(true) {
        missing.push(json!({"name": "Idempotency-Key", "in": "header", "required": true, "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
            "description": "A repeat with the same key is done once; kept 30 days."}));
    }
    if changes_existing(path, method) && operation["x-pure"] != json!(true) {
        missing.push(json!({"name": "If-Match", "in": "header", "required": true, "schema": {"type": "string", "maxLength": 64, "examples": ["\"3\""]},
            "description": "The ETag of the version that was read."}));
    }
    missing.push(json!({"name": "Accept-Language", "in": "header", "required": false, "schema": {"type": "string", "maxLength": 200, "examples": ["zh-CN"]}, "description": "Language of problem texts: zh-CN or en."}));
    if let Some(all) = operation["parameters"].as_array_mut() {
        all.append(&mut missing);
        for parameter in all.iter_mut().filter(|parameter| parameter["in"] == "path") {
            bound(&mut parameter["schema"]);
            fields::describe_part(parameter);
        }
    }
}

/// A part of a path that its type says no more about is a word of at most 128 characters.
fn bound(schema: &mut Value) {
    if schema["type"] == "string" && ["format", "pattern", "maxLength"].iter().all(|word| schema[*word].is_null()) {
        schema["minLength"] = json!(1);
        schema["maxLength"] = json!(128);
    }
}

/// Does the operation change the one row that its path names?
fn changes_existing(path: &str, method: &str) -> bool {
    match method {
        "post" => path.contains("/{id}/"),
        "put" => path.ends_with("/{id}"),
        "patch" | "delete" => true,
        _ => false,
    }
}
