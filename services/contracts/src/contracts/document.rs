//! The readable document of a version (CON-12): what people read, print and sign. Rendered from the canonical content alone, so
//! that a version gives the same bytes for ever; its SHA-256 is what a signed file is held against. Pure.
use super::content::{self, Content};
use std::fmt::Write;
use wire::{
    contracts::{ClauseKind, ContractKind},
    quoting::PaymentTrigger,
};

/// A document and its fingerprint.
pub struct Document {
    pub text: String,
    /// Hexadecimal.
    pub sha256: String,
}

/// Of a version, by its canonical content.
pub fn of_version(revision: i32, canonical: &str) -> platform::Result<Document> {
    Ok(render(revision, &serde_json::from_str(canonical)?))
}

/// Of what a contract says at a revision.
pub fn render(revision: i32, content: &Content) -> Document {
    let mut text = String::new();
    let written = head(&mut text, revision, content).and_then(|()| lines(&mut text, content));
    written.and_then(|()| terms(&mut text, content)).expect("a String takes whatever is written to it");
    let sha256 = content::hash(&text);
    Document { text, sha256 }
}

fn head(out: &mut String, revision: i32, content: &Content) -> std::fmt::Result {
    writeln!(out, "{}\n", label(ContractKind::labels(), content.kind.as_str()))?;
    writeln!(out, "修订 / Revision: {revision}")?;
    writeln!(out, "内容指纹 / Content SHA-256: {}", content::hash(&content.canonical()))?;
    writeln!(out, "客户 / Customer: {} ({})", content.account_name, content.account_id)?;
    match content.delivery_date {
        Some(day) => writeln!(out, "交货日期 / Delivery date: {day}"),
        None => writeln!(out, "交货日期 / Delivery date: 见交付条款 / see the delivery clause"),
    }
}

fn lines(out: &mut String, content: &Content) -> std::fmt::Result {
    writeln!(out, "\n明细 / Lines ({})", content.currency)?;
    for line in &content.lines {
        write!(out, "{}. {} {}: ", line.line_number, line.sku, line.description)?;
        write!(out, "{} × {}, 折扣 / discount {}, ", line.quantity, line.unit_price, line.discount_rate)?;
        writeln!(out, "税率 / tax rate {}, 不含税 / net {}, 税 / tax {}", line.tax_rate, line.net, line.tax)?;
    }
    writeln!(out, "不含税 / Net: {}", content.net)?;
    writeln!(out, "税 / Tax: {}", content.tax)?;
    writeln!(out, "含税合计 / Gross: {} {}", content.gross, content.currency)
}

fn terms(out: &mut String, content: &Content) -> std::fmt::Result {
    writeln!(out, "\n付款节点 / Payment")?;
    for (term, number) in content.payment_terms.iter().zip(1..) {
        let trigger = label(PaymentTrigger::labels(), term.trigger.as_str());
        writeln!(out, "{number}. {}: {} ({trigger}, +{} 日 / days)", term.label, term.share, term.due_days)?;
    }
    for clause in &content.clauses {
        writeln!(out, "\n{}\n{}", label(ClauseKind::labels(), clause.kind.as_str()), clause.text)?;
        if let Some(terms) = &clause.terms {
            let terms = serde_json::to_string(terms).map_err(|_| std::fmt::Error)?;
            writeln!(out, "约定参数 / Terms: {terms}")?;
        }
    }
    if !content.conditions.is_empty() {
        writeln!(out, "\n生效条件 / Conditions precedent")?;
    }
    for (condition, number) in content.conditions.iter().zip(1..) {
        writeln!(out, "{number}. {condition}")?;
    }
    Ok(())
}

/// A word in both languages.
fn label(labels: &[(&str, &str, &str)], word: &str) -> String {
    let found = labels.iter().find(|(code, ..)| *code == word);
    found.map_or_else(|| word.to_owned(), |(_, chinese, english)| format!("{chinese} / {english}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANONICAL: &str = r#"{"kind":"sale","account_id":"01932c5e-7b1a-7c3d-9e4f-0123456789ab","account_name":"晨光泵业","currency":"CNY","lines":[{"line_number":1,"sku":"PUMP-40","description":"循环泵","quantity":"1","unit_price":"100.00","discount_rate":"0","tax_rate":"0","net":"100.00","tax":"0.00"}],"net":"100.00","tax":"0.00","gross":"100.00","payment_terms":[{"label":"全款","trigger":"accepted","share":"1","due_days":0}],"delivery_date":"2026-12-31","clauses":[{"kind":"breach","text":"逾期每日 0.05%。","terms":null}],"conditions":["预付款到账"]}"#;
    const TEXT: &str = "销售合同 / Sale of goods

修订 / Revision: 1
内容指纹 / Content SHA-256: {content}
客户 / Customer: 晨光泵业 (01932c5e-7b1a-7c3d-9e4f-0123456789ab)
交货日期 / Delivery date: 2026-12-31

明细 / Lines (CNY)
1. PUMP-40 循环泵: 1 × 100.00, 折扣 / discount 0, 税率 / tax rate 0, 不含税 / net 100.00, 税 / tax 0.00
不含税 / Net: 100.00
税 / Tax: 0.00
含税合计 / Gross: 100.00 CNY

付款节点 / Payment
1. 全款: 1 ({accepted}, +0 日 / days)

违约责任 / Liability for breach
逾期每日 0.05%。

生效条件 / Conditions precedent
1. 预付款到账
";

    #[test]
    fn con_12_a_version_renders_to_the_same_bytes_for_ever() {
        let once = of_version(1, CANONICAL).unwrap();
        let accepted = label(PaymentTrigger::labels(), "accepted");
        // Byte for byte: whoever changes the form changes the fingerprint of every contract that was signed.
        assert_eq!(once.text, TEXT.replace("{content}", &content::hash(CANONICAL)).replace("{accepted}", &accepted));
        assert_eq!(once.sha256, content::hash(&once.text));
        assert_ne!(of_version(2, CANONICAL).unwrap().sha256, once.sha256);
        assert_ne!(of_version(1, &CANONICAL.replace("0.05%", "0.06%")).unwrap().sha256, once.sha256);
        assert!(of_version(1, "{}").is_err());
    }
}
