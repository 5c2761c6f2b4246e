//! What a demonstration deal is about. Sample data is the project's own; real orders come from a data set.
use serde_json::{Value, json};
use uuid::Uuid;
use wire::{Currency, Rate, line};

/// Who buys, what, for how much.
#[derive(Debug, Clone)]
pub(crate) struct Deal {
    /// `order`: straight to the order; `contract`: a contract first; `shortage`: goods have to be bought; `unhappy`: the
    /// customer complains; or the data set's name.
    pub storyline: &'static str,
    pub customer: Customer,
    pub need: String,
    pub currency: Currency,
    pub lines: Vec<DealLine>,
    /// The same order in another system: `(system, id)`.
    pub external_ref: Option<(&'static str, String)>,
    /// Whom the buyer asks for what is short, the cheapest first; a data set's goods have their own.
    pub suppliers: Vec<String>,
    /// Their two lowest quotes are less than 5 % apart.
    pub close_quotes: bool,
}

/// A customer who stands in crm already.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub account_id: Uuid,
    pub name: String,
    pub person: String,
    pub phone: String,
}

/// A line: what is asked for.
#[derive(Debug, Clone)]
pub(crate) struct DealLine {
    pub sku: String,
    pub name: String,
    pub line: line::NewLine,
}

impl Deal {
    /// What all lines come to, tax included, by the arithmetic of ruling 7.
    pub(crate) fn gross(&self) -> line::Totals {
        let amounts = self.lines.iter().map(|deal| {
            let line::NewLine { quantity, unit_price, discount_rate, tax_rate, .. } = deal.line;
            let net = line::line_net(quantity, unit_price, discount_rate, self.currency);
            (net, line::line_tax(net, tax_rate, self.currency))
        });
        line::totals(amounts, self.currency)
    }
    pub(crate) fn lines(&self) -> Value {
        self.lines.iter().map(|deal| json!(deal.line)).collect()
    }
    pub(crate) fn external_refs(&self) -> Value {
        self.external_ref.iter().map(|(system, id)| json!({"system": system, "id": id})).collect()
    }
    /// Contract first when it is large; otherwise order first (D-08).
    pub(crate) fn payment_terms(&self) -> Value {
        if self.storyline == "contract" {
            json!([{"label": "预付款 down payment", "trigger": "signed", "share": "0.3", "due_days": 5},
                {"label": "发货款 on shipment", "trigger": "shipped", "share": "0.3", "due_days": 10},
                {"label": "验收款 on acceptance", "trigger": "accepted", "share": "0.4", "due_days": 30}])
        } else {
            json!([{"label": "到货款 on delivery", "trigger": "delivered", "share": "0.5", "due_days": 15},
                {"label": "验收款 on acceptance", "trigger": "accepted", "share": "0.5", "due_days": 30}])
        }
    }
}

/// A product of the sample: sku, Chinese and English name, unit, list price in CNY before tax.
pub(super) type Sample = (&'static str, &'static str, &'static str, &'static str, &'static str);
pub(super) const PRODUCTS: &[Sample] = &[
    ("PUMP-40", "卧式离心泵 DN40", "Horizontal centrifugal pump DN40", "台", "1250.00"),
    ("PUMP-100", "卧式离心泵 DN100", "Horizontal centrifugal pump DN100", "台", "4380.00"),
    ("MOTOR-15", "三相异步电动机 15 kW", "Three-phase motor 15 kW", "台", "2960.00"),
    ("VALVE-80", "电动蝶阀 DN80", "Motorised butterfly valve DN80", "只", "835.50"),
    ("PANEL-6", "六回路控制柜", "Control panel, 6 circuits", "套", "9800.00"),
    ("SENSOR-T", "温度变送器", "Temperature transmitter", "只", "318.90"),
    ("FILTER-20", "Y 型过滤器 20 目", "Y strainer, 20 mesh", "只", "96.35"),
    ("SEAL-KIT", "机械密封组件", "Mechanical seal kit", "套", "47.77"),
];
/// What is never in stock: it is bought for the order.
pub(super) const BOUGHT: Sample = ("BLOWER-30", "罗茨鼓风机 30 kW", "Roots blower 30 kW", "台", "2600.00");
/// Suppliers of the sample: reference and name.
pub(super) const SUPPLIERS: &[(&str, &str)] =
    &[("S-01", "山城风机厂"), ("S-02", "东方流体机械有限公司"), ("S-03", "Rhein Gebläse GmbH")];
/// Customers of the sample: reference, name, person, phone.
pub(super) const CUSTOMERS: &[(&str, &str, &str, &str)] = &[
    ("C-01", "晨光泵业有限公司", "李雷", "021-5555 0101"),
    ("C-02", "江南水务集团", "韩梅梅", "0571-5555 0102"),
    ("C-03", "北岭食品股份有限公司", "王建国", "010-5555 0103"),
    ("C-04", "海川化工有限公司", "陈静", "0532-5555 0104"),
    ("C-05", "Greenfield Dairies Ltd", "Emily Hart", "+44 20 5550 0105"),
    ("C-06", "Nordlicht Klimatechnik GmbH", "Jonas Weber", "+49 30 5550 0106"),
    ("C-07", "Pacific Desalination Inc", "Maria Lopez", "+1 555 010 0107"),
];

/// Whom the sample's deals are with.
pub(super) struct Cast {
    pub customers: Vec<Customer>,
    /// Ids.
    pub suppliers: Vec<String>,
}

/// The n-th deal of the sample, counted from 0: the smooth ones, by order and by contract in turn, those that are short of
/// goods, and those whose customer complains.
pub(super) fn sample(number: usize, cast: &Cast) -> anyhow::Result<Deal> {
    let (storyline, what) = match number % 6 {
        0 => ("order", "备件补货"),
        3 => ("contract", "新建泵站成套设备"),
        1 | 4 => ("shortage", "曝气改造"),
        _ => ("unhappy", "备件更换"),
    };
    let contract = storyline == "contract";
    let quantities: [(usize, usize); 3] = if contract {
        [(number, 18 + number % 7), (number + 2, 20 + number % 5), (4, 6 + number % 4)]
    } else {
        [(number, 2 + number % 4), (number + 3, 3 + number % 5), (7, 10 + number % 9)]
    };
    let mut lines: Vec<DealLine> = Vec::new();
    for (index, quantity) in quantities {
        let (sku, name, _, _, price) = PRODUCTS[index % PRODUCTS.len()];
        if lines.iter().all(|line| line.sku != sku) {
            lines.push(product_line(sku, name, quantity, price, if contract { "0.05" } else { "0" })?);
        }
    }
    if contract {
        // Whatever the mix, a contract deal is above the limit (100 000.00) and stays there.
        lines.push(product_line("PANEL-6", "六回路控制柜（备用）", 12, "9800.00", "0")?);
    }
    if storyline == "shortage" {
        let (sku, name, _, _, price) = BOUGHT;
        lines.push(product_line(sku, name, 1 + number % 3, price, "0")?);
    }
    Ok(Deal {
        storyline,
        need: format!("{what}：{} 等，{} 个品种", lines[0].name, lines.len()),
        customer: cast.customers[number % cast.customers.len()].clone(),
        currency: Currency::CNY,
        lines,
        external_ref: None,
        suppliers: cast.suppliers.clone(),
        close_quotes: number % 6 == 1,
    })
}

fn product_line(sku: &str, name: &str, quantity: usize, price: &str, discount: &str) -> anyhow::Result<DealLine> {
    let line = line::NewLine {
        sku: sku.parse().map_err(|why| anyhow::anyhow!("{sku}: {why}"))?,
        description: None,
        quantity: quantity.to_string().parse().map_err(|why| anyhow::anyhow!("{sku}: {why}"))?,
        unit_price: price.parse().map_err(|why| anyhow::anyhow!("{sku}: {why}"))?,
        discount_rate: discount.parse::<Rate>().map_err(|why| anyhow::anyhow!("{sku}: {why}"))?,
        tax_rate: "0.13".parse::<Rate>().map_err(|why| anyhow::anyhow!("{sku}: {why}"))?,
    };
    Ok(DealLine { sku: sku.to_owned(), name: name.to_owned(), line })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn sample_deals_alternate_around_the_contract_limit() {
        let customers =
            vec![Customer { account_id: Uuid::nil(), name: "x".into(), person: "y".into(), phone: "1".into() }];
        let cast = Cast { customers, suppliers: Vec::new() };
        for number in 0..60 {
            let deal = sample(number, &cast).unwrap();
            let gross = deal.gross().gross.amount.get();
            let above = gross > Decimal::from(100_000);
            assert_eq!(above, deal.storyline == "contract", "deal {number} comes to {gross}");
        }
    }

    #[test]
    fn payment_terms_add_up_to_the_whole() {
        let customers =
            vec![Customer { account_id: Uuid::nil(), name: "x".into(), person: "y".into(), phone: "1".into() }];
        let cast = Cast { customers, suppliers: Vec::new() };
        for number in 0..6 {
            let terms = sample(number, &cast).unwrap().payment_terms();
            let shares = terms
                .as_array()
                .unwrap()
                .iter()
                .map(|term| term["share"].as_str().unwrap().parse::<Decimal>().unwrap());
            assert_eq!(shares.sum::<Decimal>(), Decimal::ONE);
        }
    }
}
