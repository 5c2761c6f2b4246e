//! Every operation of the merged document, asked by the wrong people and for things that are not there. The list is the
//! document itself, so that a new operation is swept without anybody thinking of it.
use crate::{
    sample::{beyond, sample},
    spec::{MERGED, guarded, is_public, operations, resolve},
};
use platform::auth::{Role, grants};
use reqwest::Method;
use serde_json::Value;
use testkit::{Client, Response, Yewu};
use uuid::Uuid;

/// One operation, ready to be asked.
#[derive(Clone)]
struct Operation {
    method: Method,
    template: &'static str,
    path: String,
    permission: &'static str,
    body: Option<Value>,
    /// The body that its document shows.
    example: Option<Value>,
    /// A text's pointer, and the body in which it is longer than its bound.
    beyond: Option<(String, Value)>,
    /// Does it want an `Idempotency-Key`?
    keyed: bool,
}

fn every() -> Vec<Operation> {
    asked_as(guarded())
}

fn asked_as(operations: impl Iterator<Item = (&'static str, &'static str, &'static Value)>) -> Vec<Operation> {
    operations
        .map(|(path, method, operation)| {
            let content = &operation["requestBody"]["content"]["application/json"];
            let schema = &content["schema"];
            let parameters = || operation["parameters"].as_array().into_iter().flatten();
            Operation {
                method: method.to_uppercase().parse().expect("a method"),
                template: path,
                path: filled(path, &parameters().collect::<Vec<_>>()) + &asked(&parameters().collect::<Vec<_>>()),
                permission: operation["x-permission"].as_str().unwrap_or(""),
                body: (!schema.is_null()).then(|| sample(schema, &MERGED)),
                example: content.get("example").cloned(),
                beyond: beyond(schema, &MERGED),
                keyed: parameters().any(|parameter| parameter["name"] == "Idempotency-Key"),
            }
        })
        .collect()
}

/// Every `{name}` replaced by something well-formed that nothing is called.
pub fn filled(template: &str, parameters: &[&Value]) -> String {
    let fill = |part: &str| -> String {
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else { return part.to_owned() };
        let schema =
            parameters.iter().find(|parameter| parameter["name"] == name).map(|p| resolve(&p["schema"], &MERGED));
        if schema.is_some_and(|schema| schema["type"] == "integer") {
            return "1".to_owned();
        }
        match (schema.and_then(|schema| schema["format"].as_str()), name) {
            (Some("uuid"), _) => Uuid::now_v7().to_string(),
            (Some("date"), _) | (_, "date") => "2026-03-02".to_owned(),
            (_, "currency") => "USD".to_owned(),
            (_, "year") => "2026".to_owned(),
            _ => "nothing-is-called-so".to_owned(),
        }
    };
    template.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// The query parameters that must be there, well-formed.
pub fn asked(parameters: &[&Value]) -> String {
    let needed = parameters.iter().filter(|parameter| parameter["in"] == "query" && parameter["required"] == true);
    let pairs = needed.map(|parameter| {
        let value = sample(&parameter["schema"], &MERGED);
        format!("{}={}", parameter["name"].as_str().unwrap_or(""), value.as_str().unwrap_or("x"))
    });
    let pairs: Vec<String> = pairs.collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

impl Operation {
    async fn ask(&self, client: &Client, with_key: bool) -> Response {
        self.send(client, with_key, self.body.as_ref()).await
    }
    async fn send(&self, client: &Client, with_key: bool, body: Option<&Value>) -> Response {
        let key = Uuid::now_v7().to_string();
        let mut headers = vec![("if-match", "\"1\""), ("accept-language", "zh-CN")];
        if with_key && self.keyed {
            headers.push(("idempotency-key", &key));
        }
        let response = client.send(self.method.clone(), &self.path, &headers, body).await;
        let foreign = not_chinese(&response);
        assert!(foreign.is_empty(), "{}", self.wrong(&response, &format!("Chinese instead of {foreign:?}")));
        response
    }
    /// Someone of every role that lacks the permission; whoever has no role at all lacks them all.
    fn outsiders(&self, yewu: &Yewu) -> Client {
        let insiders: Vec<Role> = grants::who(self.permission).iter().map(|(role, _)| *role).collect();
        let others: Vec<&str> =
            Role::ALL.iter().filter(|role| !insiders.contains(role)).map(|role| role.as_str()).collect();
        yewu.user(&others.join(" "), "sweep-outsider", "sales", "sales")
    }
    /// Someone with the permission, as far as it reaches.
    fn insider(&self, yewu: &Yewu) -> Client {
        let widest = grants::who(self.permission).iter().max_by_key(|(_, scope)| *scope);
        let role = widest.unwrap_or_else(|| panic!("nobody may {}", self.permission)).0;
        yewu.user(role.as_str(), "sweep-insider", "sales", "sales")
    }
    fn wrong(&self, response: &Response, wanted: &str) -> String {
        format!("{} {}: {} {} instead of {wanted}", self.method, self.template, response.status, response.text)
    }
}

async fn sweep(yewu: &Yewu, one: impl AsyncFn(&Yewu, &Operation) -> Result<bool, String>) -> usize {
    sweep_over(every(), yewu, one).await
}

async fn sweep_over(
    operations: Vec<Operation>,
    yewu: &Yewu,
    one: impl AsyncFn(&Yewu, &Operation) -> Result<bool, String>,
) -> usize {
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for operation in operations {
        match one(yewu, &operation).await {
            Ok(was_asked) => asked += usize::from(was_asked),
            Err(why) => wrong.push(why),
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
    asked
}

/// What a problem says to people without a Chinese character.
fn not_chinese(response: &Response) -> Vec<String> {
    let Ok(problem) = serde_json::from_str::<wire::Problem>(&response.text) else { return Vec::new() };
    let mut texts = vec![problem.title, problem.detail];
    texts.extend(problem.errors.into_iter().map(|error| error.message));
    texts.extend(problem.blocked_by.into_iter().map(|gate| gate.how_to_clear));
    texts.retain(|text| !text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)));
    texts
}

fn code(response: &Response) -> String {
    let problem: Option<wire::Problem> = serde_json::from_str(&response.text).ok();
    problem.map(|problem| problem.code).unwrap_or_default()
}

#[test]
fn without_a_token_every_operation_is_401() {
    testkit::run(suite::ALL, async |yewu| {
        let nobody = yewu.nobody();
        let asked = sweep(yewu, async |_, operation| {
            let response = operation.ask(&nobody, true).await;
            let right = response.status == 401
                && code(&response) == "token.missing"
                && !response.header("www-authenticate").is_empty();
            if right { Ok(true) } else { Err(operation.wrong(&response, "401 token.missing")) }
        });
        assert_eq!(asked.await, guarded().count());
    });
}

#[test]
fn a_link_that_nobody_gave_away_opens_nothing_for_anybody() {
    testkit::run(suite::ALL, async |yewu| {
        let callers = [yewu.nobody(), yewu.role("auditor"), yewu.role("sales_rep")];
        let public = || asked_as(operations().filter(|(_, _, operation)| is_public(operation)));
        for token in ["nothing-is-called-so".to_owned(), "0".repeat(64), "%30".repeat(64)] {
            let asked = sweep_over(public(), yewu, async |_, operation| {
                for caller in &callers {
                    let path = operation.path.replace("nothing-is-called-so", &token);
                    let forged = Operation { path, ..operation.clone() };
                    let response = forged.ask(caller, true).await;
                    if response.status != 404 || code(&response) != "link.invalid" {
                        return Err(forged.wrong(&response, "404 link.invalid"));
                    }
                }
                Ok(true)
            });
            assert_eq!(asked.await, public().len());
        }
    });
}

#[test]
fn without_the_permission_every_operation_is_403_and_names_it() {
    testkit::run(suite::ALL, async |yewu| {
        let asked = sweep(yewu, async |yewu, operation| {
            let response = operation.ask(&operation.outsiders(yewu), true).await;
            let problem: Option<wire::Problem> = serde_json::from_str(&response.text).ok();
            let named = problem.and_then(|problem| problem.blocked_by.first()?.reference.clone());
            let right = response.status == 403 && named.as_deref() == Some(operation.permission);
            if right {
                Ok(true)
            } else {
                Err(operation.wrong(&response, &format!("403 naming {}", operation.permission)))
            }
        });
        assert_eq!(asked.await, guarded().count());
    });
}

#[test]
fn an_unknown_id_is_404() {
    testkit::run(suite::ALL, async |yewu| {
        let asked = sweep(yewu, async |yewu, operation| {
            if !operation.template.contains("{id}") {
                return Ok(false);
            }
            let response = operation.ask(&operation.insider(yewu), true).await;
            let right = response.status == 404 && code(&response) == "not_found";
            if right { Ok(true) } else { Err(operation.wrong(&response, "404 not_found")) }
        });
        assert!(asked.await > 10);
    });
}

#[test]
fn a_post_without_a_key_is_400() {
    testkit::run(suite::ALL, async |yewu| {
        let asked = sweep(yewu, async |yewu, operation| {
            if operation.method != Method::POST || !operation.keyed {
                return Ok(false);
            }
            let response = operation.ask(&operation.insider(yewu), false).await;
            let right = response.status == 400 && code(&response) == "idempotency.key_missing";
            if right { Ok(true) } else { Err(operation.wrong(&response, "400 idempotency.key_missing")) }
        });
        assert!(asked.await > 10);
    });
}

#[test]
fn the_smallest_body_of_every_operation_and_its_example_are_such_that_it_can_read() {
    testkit::run(suite::ALL, async |yewu| {
        sweep(yewu, async |yewu, operation| {
            for body in [&operation.body, &operation.example].into_iter().flatten() {
                let response = operation.send(&operation.insider(yewu), true, Some(body)).await;
                if is_unread(&response) || response.status.is_server_error() {
                    return Err(operation.wrong(&response, &format!("a body it can read: {body}")));
                }
            }
            Ok(operation.body.is_some())
        })
        .await;
    });
}

/// A field may name something that is not there; it may not be of a shape that the document allows and the program does not.
fn is_unread(response: &Response) -> bool {
    const SHAPES: [&str; 9] =
        ["类型不符", "必填", "不是可用的取值", "此处没有的字段", "不是此处的字段", "应为", "只能是", "不能为", "最多"];
    let problem: Option<wire::Problem> = serde_json::from_str(&response.text).ok();
    problem.is_some_and(|problem| {
        let shape = || problem.errors.iter().any(|error| SHAPES.iter().any(|why| error.message.contains(why)));
        problem.code == "body.malformed" || problem.code == "body.invalid" && shape()
    })
}

#[test]
fn a_text_beyond_its_bound_is_422_and_named() {
    testkit::run(suite::ALL, async |yewu| {
        let asked = sweep(yewu, async |yewu, operation| {
            let Some((pointer, body)) = &operation.beyond else { return Ok(false) };
            let response = operation.send(&operation.insider(yewu), true, Some(body)).await;
            let problem: Option<wire::Problem> = serde_json::from_str(&response.text).ok();
            let named = problem.is_some_and(|problem| problem.errors.iter().any(|error| error.pointer == *pointer));
            let right = response.status == 422 && code(&response) == "body.invalid" && named;
            if right { Ok(true) } else { Err(operation.wrong(&response, &format!("422 body.invalid at {pointer}"))) }
        });
        assert!(asked.await > 100);
    });
}

#[test]
fn a_parameter_beyond_its_bound_is_400_and_so_is_a_nul() {
    testkit::run(suite::ALL, async |yewu| {
        let buyer = yewu.role("buyer");
        let long = "x".repeat(65);
        for query in ["limit=201", "limit=0", "status=%00", &format!("status={long}")] {
            let problem = buyer.get(&format!("/api/procurement/v1/items?{query}")).await.problem(400, "query.invalid");
            assert!(problem.detail.contains(query.split('=').next().unwrap_or("")), "{query}: {}", problem.detail);
        }
        for path in [format!("state-machines/{}", "x".repeat(129)), "state-machines/%00".to_owned()] {
            buyer.get(&format!("/api/procurement/v1/{path}")).await.problem(400, "path.invalid");
        }
        let language = "zh,".repeat(70);
        let answer =
            buyer.send(Method::GET, "/api/procurement/v1/items", &[("accept-language", &language)], None).await;
        answer.problem(400, "header.invalid");
    });
}

#[test]
fn a_parameter_that_cannot_be_read_is_named_in_the_readers_language() {
    testkit::run(suite::ALL, async |yewu| {
        let buyer = yewu.role("buyer");
        for (path, name, code, english, chinese) in [
            ("items?limit=ten", "limit", "query.invalid", "must be a whole number", "应为整数"),
            ("items?after=7", "after", "query.invalid", "must be a UUID", "应为 UUID"),
            ("items?page=2", "page", "query.invalid", "it takes limit, after", "可用参数：limit、after"),
            ("items?limit=1&limit=2", "limit", "query.invalid", "say it once", "请只填写一次"),
            ("items/7", "id", "path.invalid", "must be a UUID", "应为 UUID"),
            ("calendars/cn/soon", "year", "path.invalid", "must be a whole number", "应为整数"),
        ] {
            let path = format!("/api/procurement/v1/{path}");
            for (language, says) in [("en", english), ("zh-CN", chinese)] {
                let answer = buyer.send(Method::GET, &path, &[("accept-language", language)], None).await;
                let detail = answer.problem(400, code).detail;
                assert!(detail.contains(name) && detail.contains(says), "{path}: {detail}");
            }
        }
    });
}
