//! One error type for handlers and consumers, and its RFC 9457 face. Internals are logged with their chain and answered
//! without; nothing here decides a business rule.
use crate::{Kind, Language, Rule, auth::Unauthorized};
use actix_web::{HttpResponse, http::StatusCode};
use wire::{FieldError, Gate, Problem, Unreadable, glossary};

/// Anything that keeps a request or a message from being done.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// No such thing, or not one that the caller may see: the two look alike on purpose.
    #[error("{} {id} does not exist", glossary::noun(.entity).1)]
    NotFound { entity: &'static str, id: String },
    #[error("{0}")]
    Rule(Box<dyn Rule>),
    #[error("{0}")]
    Unauthorized(#[from] Unauthorized),
    #[error("permission {0} is missing")]
    Forbidden(String),
    /// `If-Match` names another version, or someone else was faster. 412 over HTTP, transient in a consumer (ruling 19).
    #[error("it has changed meanwhile: the current version is {current}")]
    Stale { current: String },
    #[error("If-Match is required")]
    NoIfMatch,
    /// The request itself is not well-formed: 400, or 415/413/404 as `status` says.
    #[error("{message}")]
    Request { status: u16, code: &'static str, message: String, chinese: String },
    /// A body that parsed as JSON but not as what the operation takes: every field that is wrong. Never empty.
    #[error("{}", .0.iter().map(|fault| format!("{}: {}", fault.pointer, fault.message)).collect::<Vec<_>>().join("; "))]
    Fields(Vec<Fault>),
    /// Another request holds the same key right now, or the system is at its limit: come back in a second.
    #[error("{message}")]
    Busy { status: u16, code: &'static str, message: &'static str, chinese: &'static str },
    /// A consumer's third outcome: a replica row has not landed yet (ruling 26). `kind:id`.
    #[error("not yet: {0}")]
    NotYet(String),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// What is wrong with one field: its RFC 6901 pointer, and why, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub pointer: String,
    pub message: String,
    pub chinese: String,
}
impl Fault {
    pub(crate) fn new(at: impl Into<String>, english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self { pointer: at.into(), message: english.into(), chinese: chinese.into() }
    }
}

impl<R: Rule> From<R> for ApiError {
    fn from(rule: R) -> Self {
        Self::Rule(Box::new(rule))
    }
}
/// What Postgres says where someone else was first.
const CONTENTION: [&str; 4] = ["lock timeout", "statement timeout", "deadlock detected", "could not obtain lock"];

/// What it says when it goes away under a session.
const GONE: [&str; 3] = ["terminating connection", "the database system is", "connection closed"];

/// And where a number does not fit its column: each was within its bounds, what they came to is not.
const OUT_OF_RANGE: [&str; 3] = ["numeric field overflow", "integer out of range", "value overflows numeric format"];

impl From<diesel::result::Error> for ApiError {
    /// Contention is "come back", a lost connection is "nobody knows, come back", hostile bytes are the caller's, the rest is
    /// ours. (tokio-postgres hands the server's words on, not its SQLSTATE, for kinds that Diesel has no name for.)
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Kind, Error};
        if let Error::DatabaseError(kind, info) = &error {
            let message = info.message();
            let contended = CONTENTION.iter().any(|words| message.contains(words));
            if contended || matches!(kind, Kind::SerializationFailure) {
                tracing::warn!(message, "contention");
                return busy();
            }
            let gone = GONE.iter().any(|words| message.contains(words));
            if gone || matches!(kind, Kind::UnableToSendCommand | Kind::ClosedConnection) {
                tracing::warn!(message, "the database connection is gone");
                return unreachable();
            }
            if OUT_OF_RANGE.iter().any(|words| message.contains(words)) {
                return Self::Request {
                    status: 422,
                    code: "number.too_large",
                    message: "a number or a sum of numbers is larger than can be kept".into(),
                    chinese: "数值或合计超出可保存的范围".into(),
                };
            }
            if message.contains("invalid byte sequence") {
                return Self::Request {
                    status: 400,
                    code: "request.invalid",
                    message: "a text holds bytes that are no text".into(),
                    chinese: "文本中含有无效字节".into(),
                };
            }
        }
        Self::Internal(error.into())
    }
}
impl From<serde_json::Error> for ApiError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.into())
    }
}
impl From<diesel_async::pooled_connection::deadpool::PoolError> for ApiError {
    fn from(error: diesel_async::pooled_connection::deadpool::PoolError) -> Self {
        tracing::warn!(%error, "no database connection");
        busy()
    }
}

/// Nothing was done, and there is no saying when it could be.
pub(crate) fn busy() -> ApiError {
    ApiError::Busy {
        status: 503,
        code: "overloaded",
        message: "too much to do right now; try again in a second",
        chinese: "系统繁忙，请稍后重试",
    }
}

/// Whether the request was done is unknown, if COMMIT was on its way; under its key it may be repeated safely.
fn unreachable() -> ApiError {
    ApiError::Busy {
        status: 503,
        code: "database.unreachable",
        message: "the database cannot be reached right now; repeat the request in a second, with the same Idempotency-Key if it had one",
        chinese: "数据库暂时无法访问；请稍后重试，如带有 Idempotency-Key 请使用同一键",
    }
}

impl ApiError {
    /// An invalid field that no type could catch.
    pub fn field(pointer: impl Into<String>, english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self::Fields(vec![Fault::new(pointer, english, chinese)])
    }
    /// A field that no text of this kind can be read from.
    pub fn unreadable(pointer: impl Into<String>, why: Unreadable) -> Self {
        Self::field(pointer, why.english, why.chinese)
    }
    /// A field that names what is not there, or what the caller may not see. The kind is an entity's: `rfq`.
    pub fn absent(pointer: impl Into<String>, kind: &str, id: impl std::fmt::Display) -> Self {
        let (chinese, english) = glossary::noun(kind);
        Self::field(pointer, format!("there is no {english} {id}"), format!("没有{chinese} {id}"))
    }
    /// A field that names what another service owns and what has not been heard of here.
    pub fn unheard(pointer: impl Into<String>, kind: &str, id: impl std::fmt::Display) -> Self {
        let (chinese, english) = glossary::noun(kind);
        let told = format!("no {english} {id} is known here (yet); check the id, or try again shortly");
        Self::field(pointer, told, format!("此处尚无{chinese} {id}；请核对编号，或稍后重试"))
    }
    /// Our own mistake.
    pub fn internal(message: impl std::fmt::Display) -> Self {
        Self::Internal(anyhow::anyhow!("{message}"))
    }
    /// Stable and dotted.
    pub fn code(&self) -> &str {
        match self {
            Self::NotFound { .. } => "not_found",
            Self::Rule(rule) => rule.code(),
            Self::Unauthorized(why) => why.code(),
            Self::Forbidden(_) => "permission.missing",
            Self::Stale { .. } => "version.stale",
            Self::NoIfMatch => "if_match.required",
            Self::Request { code, .. } | Self::Busy { code, .. } => code,
            Self::Fields(_) => "body.invalid",
            Self::NotYet(_) => "not_yet",
            Self::Internal(_) => "internal",
        }
    }
    /// A consumer retries only what time can heal: a refusal never loops.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Internal(_) | Self::Stale { .. } | Self::Busy { .. })
    }
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound { .. } => StatusCode::NOT_FOUND,
            Self::Rule(rule) => match rule.kind() {
                Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
                Kind::Forbidden => StatusCode::FORBIDDEN,
                Kind::Conflict => StatusCode::CONFLICT,
            },
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Stale { .. } => StatusCode::PRECONDITION_FAILED,
            Self::NoIfMatch => StatusCode::PRECONDITION_REQUIRED,
            Self::Request { status, .. } | Self::Busy { status, .. } => {
                StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST)
            }
            Self::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotYet(_) => StatusCode::CONFLICT,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
    fn detail(&self, language: Language) -> String {
        match self {
            Self::Rule(rule) => rule.text(language),
            Self::NotFound { entity, id } => {
                language.pick(format!("找不到{} {id}", glossary::noun(entity).0), self.to_string())
            }
            Self::Unauthorized(why) => why.text(language).to_owned(),
            Self::Forbidden(permission) => missing(permission, language),
            Self::Stale { current } => language.pick(
                format!("数据已被他人修改，当前版本为 {current}；请重新读取后再试"),
                format!("it has changed meanwhile: the current version is {current}; load it again, then repeat"),
            ),
            Self::NoIfMatch => language.pick(
                "请在 If-Match 请求头中给出所读版本的 ETag".into(),
                "send If-Match with the ETag of the version you have read".into(),
            ),
            Self::Request { message, chinese, .. } => language.pick(chinese, message).clone(),
            Self::Busy { message, chinese, .. } => language.pick(*chinese, *message).to_owned(),
            Self::Fields(faults) => {
                let told = faults.iter().map(|Fault { pointer, message, chinese }| {
                    let pointer = if pointer.is_empty() { "/" } else { pointer };
                    language.pick(format!("字段 {pointer}：{chinese}"), format!("{pointer}: {message}"))
                });
                told.collect::<Vec<_>>().join(language.pick("；", "; "))
            }
            Self::NotYet(what) => language.pick(format!("尚未收到 {what}"), format!("{what} has not arrived yet")),
            Self::Internal(_) => language.pick(
                "系统内部错误；请凭 trace_id 联系运维".into(),
                "an error of ours; ask for help with the trace_id".into(),
            ),
        }
    }
    fn fields(&self, language: Language) -> Vec<FieldError> {
        match self {
            Self::Fields(faults) => {
                let field = |fault: &Fault| FieldError {
                    pointer: fault.pointer.clone(),
                    code: self.code().to_owned(),
                    message: language.pick(&fault.chinese, &fault.message).clone(),
                };
                faults.iter().map(field).collect()
            }
            Self::Rule(rule) => rule.fields(language),
            _ => Vec::new(),
        }
    }
    fn gates(&self, language: Language) -> Vec<Gate> {
        match self {
            Self::Rule(rule) => rule.gates(language),
            Self::Forbidden(permission) => vec![Gate {
                gate: "permission".into(),
                reference: Some(permission.clone()),
                how_to_clear: language.pick(
                    "请管理员授予该权限，或由有权限的同事操作".into(),
                    "ask an administrator for it, or a colleague who holds it".into(),
                ),
            }],
            _ => Vec::new(),
        }
    }
    /// The same among the reasons for which an action is not possible: its gates, or what it says itself.
    #[must_use]
    pub fn as_gates(&self, language: Language) -> Vec<Gate> {
        let gates = self.gates(language);
        if !gates.is_empty() {
            return gates;
        }
        vec![Gate { gate: self.code().to_owned(), reference: None, how_to_clear: self.detail(language) }]
    }
    /// The problem document.
    #[must_use]
    pub fn problem(&self, language: Language, trace_id: String) -> Problem {
        let status = self.status();
        Problem {
            kind: format!("urn:yewu:problem:{}", self.code()),
            title: language.pick(chinese_title(status), status.canonical_reason().unwrap_or("Error")).to_owned(),
            status: status.as_u16(),
            detail: self.detail(language),
            code: self.code().to_owned(),
            trace_id,
            errors: self.fields(language),
            blocked_by: self.gates(language),
        }
    }
    /// The HTTP answer; logs what is ours to fix.
    #[must_use]
    pub fn answer(&self, language: Language, trace_id: &str) -> HttpResponse {
        if let Self::Internal(error) = self {
            tracing::error!(error = format!("{error:#}"), trace_id, "internal error");
        }
        let mut response = HttpResponse::build(self.status());
        response.insert_header(("content-language", language.pick("zh-CN", "en")));
        match self {
            Self::Unauthorized(why) => {
                response.insert_header(("www-authenticate", why.challenge()));
            }
            Self::Busy { .. } => {
                response.insert_header(("retry-after", "1"));
            }
            Self::Request { status: 405, message, .. } => {
                // RFC 9110 §15.5.6: the methods stand in the message too.
                response.insert_header(("allow", message.rsplit(": ").next().unwrap_or_default()));
            }
            _ => {}
        }
        response.content_type("application/problem+json").json(self.problem(language, trace_id.to_owned()))
    }
}

/// `quoting.quote.submit`, and what it lets people do.
fn missing(permission: &str, language: Language) -> String {
    let mut parts = permission.split('.').skip(1);
    let (kind, action) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let ((noun_zh, noun), (verb_zh, verb)) = (glossary::noun(kind), glossary::verb(kind, action));
    language.pick(
        format!("缺少权限“{verb_zh}{noun_zh}”（{permission}）"),
        format!("the permission to {verb} ({noun}) is missing: {permission}"),
    )
}

/// The statuses that are answered, as people say them.
fn chinese_title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "请求有误",
        401 => "未登录或凭证无效",
        403 => "没有权限",
        404 => "不存在",
        405 => "不允许的方法",
        409 => "当前不能执行",
        412 => "数据已被他人修改",
        413 => "内容过大",
        415 => "不支持的类型",
        422 => "内容不符合要求",
        428 => "缺少版本",
        429 => "请求过于频繁",
        503 => "暂时不可用",
        _ => "系统错误",
    }
}

/// For extractors; the gate replaces it by the same problem in the caller's language and with the trace id.
impl actix_web::ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }
    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::result::{DatabaseErrorKind, Error};

    #[test]
    fn what_postgres_cannot_keep_is_the_callers_to_mend() {
        let said = |words: &str| {
            let error = ApiError::from(Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(words.to_owned())));
            (error.status().as_u16(), error.is_transient())
        };
        assert_eq!(said("numeric field overflow"), (422, false));
        assert_eq!(said("integer out of range"), (422, false));
        assert_eq!(said("invalid byte sequence for encoding \"UTF8\": 0x00"), (400, false));
        assert_eq!(said("canceling statement due to lock timeout"), (503, true));
        assert_eq!(said("relation \"cups\" does not exist"), (500, true));
    }
}
