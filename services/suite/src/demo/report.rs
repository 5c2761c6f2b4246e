//! What came of the deals: one JSON object for programs, a table for people.
use serde::Serialize;
use serde_json::Value;
use wire::Money;

/// What the demo prints with `--json`.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub cases: Vec<Outcome>,
}

/// One deal.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    /// Absent if it failed before it had one.
    pub case_id: Option<String>,
    pub storyline: &'static str,
    /// As the case graph says: `satisfied` when the customer is; `failed` if it could not be played to its end.
    pub status: String,
    pub order_total: Option<Money>,
    pub external_ref: Option<String>,
    pub documents: Vec<Document>,
    /// From the first request to the case graph's word.
    pub elapsed_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A document of the case.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    pub service: String,
    pub kind: String,
    pub id: String,
    pub number: Option<String>,
    pub status: String,
}

impl Document {
    /// The nodes of a case graph.
    pub(super) fn all(graph: &Value) -> Vec<Self> {
        let word = |node: &Value, key: &str| node[key].as_str().unwrap_or_default().to_owned();
        let nodes = graph["nodes"].as_array().into_iter().flatten();
        nodes
            .map(|node| Self {
                service: word(node, "service"),
                kind: word(node, "kind"),
                id: word(node, "id"),
                number: node["number"].as_str().map(str::to_owned),
                status: word(node, "status"),
            })
            .collect()
    }
}

impl Outcome {
    pub(super) fn is_satisfied(&self) -> bool {
        self.status == "satisfied"
    }
    /// One line of the table.
    pub(super) fn line(&self) -> String {
        let order = self.documents.iter().find(|document| document.kind == "order");
        let number = order.and_then(|order| order.number.as_deref()).unwrap_or("–");
        let total = self.order_total.map_or_else(|| "–".to_owned(), |total| total.to_string());
        let seconds = self.elapsed_ms / 100;
        let tail = self.error.as_deref().map(|error| format!("  {error}")).unwrap_or_default();
        let whose = self.external_ref.as_deref().unwrap_or("");
        format!(
            "{:<9} {:<9} {whose:<6} {number:<16} {total:>18} {:>3}.{} s  {} documents{tail}",
            self.status,
            self.storyline,
            seconds / 10,
            seconds % 10,
            self.documents.len()
        )
    }
}
