//! The event catalogue as an AsyncAPI 3.0 document: a channel for each type of fact, who tells it and who hears it.
//! The payload is the CloudEvents 1.0 envelope (structured JSON) with the fact's own shape as `data`.
use super::Schemas;
use anyhow::ensure;
use platform::{Service, openapi};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};
use wire::{CloudEvent, EventInfo};

pub(super) fn document(services: &[Service]) -> anyhow::Result<Value> {
    let mut schemas = Schemas::default();
    let mut envelope = vec![("CloudEvent".to_owned(), CloudEvent::schema())];
    CloudEvent::schemas(&mut envelope);
    for (name, schema) in envelope {
        schemas.add(&name, serde_json::to_value(schema)?)?;
    }
    let (mut channels, mut operations, mut messages) = (Map::new(), Map::new(), Map::new());
    for service in services {
        for event in &service.told() {
            ensure!(
                event.kind.starts_with(&format!("{}.", service.name)),
                "{} is told by {}",
                event.kind,
                service.name
            );
            ensure!(!channels.contains_key(event.kind), "{} stands twice", event.kind);
            for (name, schema) in (event.schemas)() {
                schemas.add(&name, serde_json::to_value(schema)?)?;
            }
            channels.insert(event.kind.to_owned(), channel(event));
            messages.insert(event.kind.to_owned(), message(event));
            operations
                .insert(format!("{}.tells.{}", service.name, event.kind), operation("send", event.kind, event.says));
        }
    }
    let mut schemas = json!(schemas.0);
    openapi::fields::describe(&mut schemas);
    for service in services {
        for kind in service.hears() {
            ensure!(channels.contains_key(&kind), "{} hears {kind}, which nobody tells", service.name);
            let handlers: Vec<&str> =
                service.handlers().into_iter().filter(|(heard, _)| *heard == kind).map(|(_, name)| name).collect();
            let says = format!("Handled by: {}.", handlers.join(", "));
            operations.insert(format!("{}.hears.{kind}", service.name), operation("receive", &kind, &says));
        }
    }
    Ok(json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Yewu events",
            "version": "1",
            "description": "What the six services tell each other. A type is never edited once published; a change of shape \
                is a new version beside the old one. Order holds for one producer and one `partitionkey`. Every event may \
                come twice: its `id` tells.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    }))
}

fn channel(event: &EventInfo) -> Value {
    json!({
        "address": format!("{}.{{shard}}", event.kind),
        "description": event.says,
        "parameters": {"shard": {
            "description": "First 8 bytes of SHA-256(partitionkey) modulo 4.",
            "enum": ["0", "1", "2", "3"],
        }},
        "messages": {"event": {"$ref": format!("#/components/messages/{}", event.kind)}},
        "bindings": {"amqp": {
            "is": "routingKey",
            "exchange": {"name": "yewu.events", "type": "topic", "durable": true, "autoDelete": false},
            "bindingVersion": "0.3.0",
        }},
    })
}

fn message(event: &EventInfo) -> Value {
    let own = json!({
        "type": "object",
        "required": ["type", "data"],
        "properties": {
            "type": {"type": "string", "const": event.kind},
            "data": {"$ref": format!("#/components/schemas/{}", (event.schema_name)())},
        },
    });
    json!({
        "name": event.kind,
        "title": (event.schema_name)(),
        "summary": event.says,
        "contentType": "application/cloudevents+json",
        "payload": {"allOf": [{"$ref": "#/components/schemas/CloudEvent"}, own]},
    })
}

fn operation(action: &str, kind: &str, says: &str) -> Value {
    json!({"action": action, "channel": {"$ref": format!("#/channels/{kind}")}, "summary": says})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        fn walk(value: &Value, document: &Value) {
            if let Some(reference) = value["$ref"].as_str() {
                let pointer = reference.trim_start_matches('#');
                assert!(document.pointer(pointer).is_some(), "{reference}");
            }
            match value {
                Value::Object(map) => map.values().for_each(|inner| walk(inner, document)),
                Value::Array(list) => list.iter().for_each(|inner| walk(inner, document)),
                _ => {}
            }
        }
        let document = document(crate::ALL).unwrap();
        walk(&document, &document);
        assert_eq!(
            document["channels"].as_object().unwrap().len(),
            wire::events().iter().map(|(_, events)| events.len()).sum::<usize>()
        );
    }
}
