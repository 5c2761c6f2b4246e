//! The pages for people that are generated: who tells and hears what, every state machine, every refusal code.
use platform::{ApiError, Language, Service, auth::Unauthorized, evidence::EvidenceRule};
use std::fmt::Write;

const GENERATED: &str = "Generated from the code by `yewu spec`; a stale page fails the tests. Do not edit it by hand.";

/// `EVENTS.md`
pub(super) fn events(services: &[Service]) -> String {
    let mut page = format!(
        "# Events: who tells, who hears\n\n{GENERATED} Shapes are in `openapi/events.json` (AsyncAPI 3).\n\
         A handler's name is its identity in the inbox: every event has its effect once per handler.\n"
    );
    for service in services {
        let _ = write!(page, "\n## {}\n\n| event | says | heard by |\n|---|---|---|\n", service.name);
        for event in &service.told() {
            let hearers = services.iter().flat_map(|hearer| {
                let names = hearer.handlers().into_iter().filter(|(kind, _)| *kind == event.kind);
                names.map(|(_, name)| format!("{} `{name}`", hearer.name))
            });
            let hearers = hearers.collect::<Vec<_>>().join("<br>");
            let hearers = if hearers.is_empty() { "—" } else { &hearers };
            let _ = writeln!(page, "| `{}` | {} | {hearers} |", event.kind, event.says);
        }
    }
    page
}

/// `STATES.md`
pub(super) fn states(services: &[Service]) -> String {
    let mut page = format!(
        "# State machines\n\n{GENERATED} The same tables guard the commands, draw the buttons (`available_actions`) and are \
         served at `/api/{{service}}/v1/state-machines/{{resource}}`.\n"
    );
    for service in services.iter().filter(|service| !service.machines.is_empty()) {
        let _ = writeln!(page, "\n## {}", service.name);
        for machine in service.machines {
            let _ = write!(page, "\n### {}\n\n| state | 中文 | English | steps |\n|---|---|---|---|\n", machine.entity);
            page.push_str(&platform::table(machine));
        }
    }
    page
}

/// `CODES.md`
pub(super) fn codes(services: &[Service]) -> String {
    let mut page = format!(
        "# Codes of refusals\n\n{GENERATED} `code` of a problem document (RFC 9457); words in braces are filled in. \
         The texts follow `Accept-Language`.\n"
    );
    page.push_str("\n## in every service\n");
    heading(&mut page);
    for (code, english, chinese) in everywhere() {
        row(&mut page, &code, &english, &chinese);
    }
    for service in services.iter().filter(|service| !service.codes.is_empty()) {
        let _ = writeln!(page, "\n## {}", service.name);
        heading(&mut page);
        for (code, english, chinese) in service.codes.iter().copied().flatten() {
            row(&mut page, code, english, chinese);
        }
    }
    page
}

fn heading(page: &mut String) {
    page.push_str("\n| code | English | 中文 |\n|---|---|---|\n");
}
fn row(page: &mut String, code: &str, english: &str, chinese: &str) {
    let _ = writeln!(page, "| `{code}` | {} | {} |", english.replace('|', "\\|"), chinese.replace('|', "\\|"));
}

/// The kernel's refusals. Those whose text is made on the spot are described; the others speak for themselves.
fn everywhere() -> Vec<(String, String, String)> {
    let spoken = [
        ApiError::NotFound { entity: "{entity}", id: "{id}".into() },
        ApiError::Forbidden("{service}.{entity}.{action}".into()),
        ApiError::Stale { current: "{version}".into() },
        ApiError::NoIfMatch,
        ApiError::field("{pointer}", "{message}", "{message}"),
        ApiError::NotYet("{what}".into()),
        ApiError::internal(""),
    ];
    let spoken = spoken.iter().map(|error| {
        let text = |language| error.problem(language, String::new()).detail;
        (error.code().to_owned(), text(Language::English), text(Language::Chinese))
    });
    let tokens = Unauthorized::ALL.into_iter().map(|why| {
        (why.code().to_owned(), why.text(Language::English).to_owned(), why.text(Language::Chinese).to_owned())
    });
    let described = DESCRIBED
        .iter()
        .map(|(code, english, chinese)| ((*code).to_owned(), (*english).to_owned(), (*chinese).to_owned()));
    let ruled = platform::approvals::CODES.iter().copied().chain([EvidenceRule::CODES]).flatten();
    let ruled =
        ruled.map(|(code, english, chinese)| ((*code).to_owned(), (*english).to_owned(), (*chinese).to_owned()));
    let mut all: Vec<_> = spoken.chain(tokens).chain(described).chain(ruled).collect();
    all.sort();
    all
}

const DESCRIBED: &[(&str, &str, &str)] = &[
    (
        "attachment.broken_off",
        "The file did not arrive whole, or nothing came for 30 s.",
        "附件未完整送达，或 30 秒内没有数据。",
    ),
    ("attachment.empty", "The file is empty.", "附件为空。"),
    (
        "attachment.not_of_its_type",
        "The bytes are not those of the declared Content-Type.",
        "文件内容与声明的 Content-Type 不符。",
    ),
    (
        "attachment.store_unreachable",
        "The store of files cannot be used right now. Repeat it, with the same key.",
        "文件存储暂时无法使用，请以同一键重试。",
    ),
    (
        "attachment.too_large",
        "A file has at most 20 MiB; a table for an import as much as the setting says, 256 MiB by default.",
        "附件不得超过 20 MiB；导入文件以设置为准，默认 256 MiB。",
    ),
    ("attachment.type_not_kept", "Files of this type are not kept.", "不支持的文件类型。"),
    ("body.broken_off", "The body did not arrive whole.", "请求体未完整送达。"),
    ("body.malformed", "The body is no JSON.", "请求体不是有效的 JSON。"),
    ("body.media_type", "The body must be application/json.", "请以 application/json 发送请求体。"),
    ("body.too_large", "The body is larger than 1 MiB.", "请求体超过 1 MiB。"),
    (
        "event.malformed",
        "An event's data is not what its type promises; it is parked.",
        "事件数据与其类型不符，已搁置。",
    ),
    ("external_ref.taken", "Another system's id already names another row.", "该外部编号已对应另一条记录。"),
    ("gate.closed", "A gate is closed; `blocked_by` says which and how to clear it.", "条件尚未满足，见 blocked_by。"),
    ("header.invalid", "A header is longer than the document says.", "请求头超过规定长度。"),
    (
        "idempotency.in_flight",
        "A request with this key is being done; ask again in a second.",
        "同一键的请求正在处理，请稍后再试。",
    ),
    (
        "idempotency.key_malformed",
        "An Idempotency-Key is 1 to 255 visible ASCII characters.",
        "Idempotency-Key 应为 1 至 255 个可见 ASCII 字符。",
    ),
    ("idempotency.key_missing", "A POST needs an Idempotency-Key.", "POST 请求须带 Idempotency-Key。"),
    ("idempotency.key_reused", "The key was used for another request.", "该键已用于另一请求。"),
    ("link.invalid", "A link without an account opens nothing, or nothing any more.", "链接无效或已失效。"),
    ("link.too_often", "A link is used too often; come back in a second.", "链接使用过于频繁，请稍后重试。"),
    ("method.not_allowed", "The path takes other methods.", "该路径不支持此方法。"),
    (
        "numbering.date_part",
        "Counting that starts anew needs a date at least as fine in the number.",
        "按期重新计数时，编号中的日期须同样精细。",
    ),
    (
        "number.too_large",
        "A number, or what several come to, is larger than can be kept.",
        "数值或合计超出可保存的范围。",
    ),
    ("numbering.gapless_by_law", "Numbers of this kind must have no gaps.", "该类编号依规必须连续。"),
    ("numbering.in_the_past", "A rule begins today or later.", "规则最早自今日起生效。"),
    ("numbering.prefix", "A prefix is 1 to 8 capital letters.", "前缀应为 1 至 8 个大写字母。"),
    ("numbering.prefix_taken", "Another kind has or had this prefix.", "该前缀已用于其他单据。"),
    ("numbering.unchanged", "This is the rule already.", "规则没有变化。"),
    ("numbering.width", "A number has 1 to 12 digits.", "流水号位数应为 1 至 12 位。"),
    (
        "database.unreachable",
        "The database cannot be reached; repeat in a second, under the same key if there was one.",
        "数据库暂时无法访问；请稍后以同一键重试。",
    ),
    ("overloaded", "Too much to do; come back in a second.", "系统繁忙，请稍后重试。"),
    ("path.invalid", "A part of the path cannot be read, an id for instance.", "路径参数有误，例如编号格式不正确。"),
    ("query.invalid", "A query parameter is unknown or cannot be read.", "查询参数未知或有误。"),
    ("request.invalid", "The request itself cannot be read.", "请求本身有误。"),
    ("route.unknown", "There is nothing at this path.", "该路径不存在。"),
    ("state.refused", "The action is not possible in this state.", "当前状态不能执行该操作。"),
];
