//! What the quotes of a request come to, side by side (PRO-18), and what the rule of 5 % makes of them (PRO-19, D-05).
//! Pure and recomputed on each read. Refuses to compare currencies.
use super::domain::{Invitation, LineRow, Rfq, RfqRule};
use rust_decimal::{Decimal, RoundingStrategy};
use std::cmp::Reverse;
use wire::{
    Amount, Quantity, line,
    procurement::{
        AwardBasis, ComparedLine, ComparedSupplier, LineOffer, QuoteFault, QuoteFaultKind, QuotePoints, RfqComparison,
        RfqRuling, RfqWeights, RuledQuote, SupplierId, SupplierQuote, SupplierQuoteLine,
    },
};

/// Quotes that differ by less than this share of the lower are similar (D-04, D-05).
const SIMILAR: Decimal = Decimal::from_parts(5, 0, 0, false, 2);

/// The whole matrix; refused where a quote that counts is in another currency than the request.
pub fn compare(rfq: &Rfq) -> Result<RfqComparison, RfqRule> {
    let wanted = rfq.head.currency;
    for invitation in &rfq.invitations {
        if let Some(quote) = invitation.counted().filter(|quote| quote.currency != wanted) {
            let (supplier, currency) = (invitation.supplier_name.clone(), quote.currency);
            return Err(RfqRule::OtherCurrency { supplier, currency, wanted });
        }
    }
    let mut suppliers: Vec<ComparedSupplier> = rfq.invitations.iter().map(|one| column(rfq, one)).collect();
    // Stable: of equal totals, whoever was asked first.
    suppliers.sort_by_key(|one| (!one.compliant, !one.counted, one.total));
    give_points(&mut suppliers, rfq.head.weights.0);
    let lines: Vec<ComparedLine> = rfq.lines.iter().map(|line| row(rfq, line)).collect();
    let bests = lines.iter().map(|line| line.offers.first().map(|offer| offer.total.get()));
    let ruling = rfq.head.ruling.as_ref().map_or_else(|| ruling(&suppliers), |kept| kept.0.clone());
    Ok(RfqComparison {
        rfq_id: rfq.head.id,
        currency: wanted,
        weights: rfq.head.weights.0,
        split_total: bests.sum::<Option<Decimal>>().map(Amount::new),
        recommended_supplier_id: recommended(ruling.basis, &suppliers),
        suppliers,
        lines,
        ruling,
    })
}

/// The rule of 5 %, over the two lowest of the compliant; `suppliers` are sorted, the cheapest first.
pub fn ruling(suppliers: &[ComparedSupplier]) -> RfqRuling {
    let ruled = |one: &ComparedSupplier| Some(RuledQuote { supplier_id: one.supplier_id, total: one.total? });
    let mut two = suppliers.iter().filter(|one| one.compliant).filter_map(ruled);
    let (lowest, second) = (two.next(), two.next());
    let Some((low, high)) = lowest.as_ref().zip(second.as_ref()).map(|(low, high)| (low.total.get(), high.total.get()))
    else {
        return RfqRuling { basis: AwardBasis::OnlyQuote, lowest, second, difference_percent: None };
    };
    let basis = if similar(low, high) { AwardBasis::ServiceBrand } else { AwardBasis::SampleTest };
    RfqRuling { basis, lowest, second, difference_percent: percent(low, high) }
}

/// Less than 5 % of the lower apart; multiplied, not divided, so that no rounding moves the boundary.
fn similar(low: Decimal, high: Decimal) -> bool {
    high == low || high - low < low * SIMILAR
}

/// Cut, not rounded, so that 4.99999 % never reads as 5 %.
fn percent(low: Decimal, high: Decimal) -> Option<Quantity> {
    let share = ((high - low) * Decimal::ONE_HUNDRED).checked_div(low)?;
    Some(Quantity::new(share.round_dp_with_strategy(4, RoundingStrategy::ToZero)))
}

/// Whom the rule would choose: of two similar quotes the better service, then the better quality, then the lower price;
/// of different ones the most points among those whose sample passed; else the only one.
fn recommended(basis: AwardBasis, suppliers: &[ComparedSupplier]) -> Option<SupplierId> {
    let mut compliant = suppliers.iter().filter(|one| one.compliant);
    let chosen = match basis {
        // `max_by_key` gives the last of equals, so the cheaper one comes last.
        AwardBasis::ServiceBrand => compliant
            .take(2)
            .enumerate()
            .max_by_key(|(place, one)| (one.after_sales_score, one.quality_score, Reverse(*place)))
            .map(|(_, one)| one),
        AwardBasis::SampleTest => compliant
            .filter(|one| one.sample_passed)
            .enumerate()
            .max_by_key(|(place, one)| (one.points.as_ref().map(|points| points.weighted), Reverse(*place)))
            .map(|(_, one)| one),
        AwardBasis::OnlyQuote => compliant.next(),
    };
    chosen.map(|one| one.supplier_id)
}

/// What a quote comes to: delivered, tax included, each line rounded (ruling 7).
pub fn quote_total(quote: &SupplierQuote) -> Amount {
    Amount::new(quote.lines.iter().map(|line| gross(quote, line)).sum())
}

fn gross(quote: &SupplierQuote, line: &SupplierQuoteLine) -> Decimal {
    let net = line::line_net(line.quantity, line.unit_price, wire::Rate::ZERO, quote.currency);
    net.get() + line::line_tax(net, line.tax_rate, quote.currency).get()
}

/// A supplier's offer for a line that counts: in the wanted quantity.
pub fn offered<'a>(invitation: &'a Invitation, line: &LineRow) -> Option<&'a SupplierQuoteLine> {
    let quoted = invitation.counted()?.lines.iter().find(|one| one.requisition_line_id == line.requisition_line_id);
    quoted.filter(|one| one.quantity == line.quantity)
}

fn column(rfq: &Rfq, invitation: &Invitation) -> ComparedSupplier {
    let quote = invitation.quote.as_ref().map(|kept| &kept.0);
    let faults = quote.map(|quote| faults(&rfq.lines, quote)).unwrap_or_default();
    let counted = invitation.counted().is_some();
    ComparedSupplier {
        supplier_id: invitation.supplier_id,
        supplier_name: invitation.supplier_name.clone(),
        status: invitation.status,
        counted,
        compliant: counted && faults.is_empty(),
        faults,
        total: quote.map(quote_total),
        lead_time_days: quote.and_then(|quote| quote.lines.iter().map(|line| line.lead_time_days).max()),
        after_sales_score: quote.map(|quote| quote.after_sales_score),
        quality_score: quote.and_then(|quote| quote.quality_score),
        valid_until: quote.map(|quote| quote.valid_until),
        points: None,
        recommended: invitation.recommendation.is_some(),
        sample_passed: rfq.basis.passed.contains(&invitation.supplier_id),
    }
}

fn faults(lines: &[LineRow], quote: &SupplierQuote) -> Vec<QuoteFault> {
    let fault = |line: &LineRow| {
        let quoted = quote.lines.iter().find(|one| one.requisition_line_id == line.requisition_line_id);
        let kind = match quoted {
            None => QuoteFaultKind::MissingLine,
            Some(one) if one.quantity != line.quantity => QuoteFaultKind::Quantity,
            Some(_) => return None,
        };
        Some(QuoteFault { requisition_line_id: line.requisition_line_id, kind })
    };
    lines.iter().filter_map(fault).collect()
}

fn row(rfq: &Rfq, line: &LineRow) -> ComparedLine {
    let offer = |invitation: &Invitation| {
        let quoted = offered(invitation, line)?;
        Some(LineOffer {
            supplier_id: invitation.supplier_id,
            total: Amount::new(gross(invitation.counted()?, quoted)),
            lead_time_days: quoted.lead_time_days,
            brand: quoted.brand.as_ref().map(ToString::to_string),
        })
    };
    let mut offers: Vec<LineOffer> = rfq.invitations.iter().filter_map(offer).collect();
    offers.sort_by_key(|offer| offer.total);
    ComparedLine {
        requisition_line_id: line.requisition_line_id,
        sku: line.sku.clone(),
        quantity: line.quantity,
        best_supplier_id: offers.first().map(|offer| offer.supplier_id),
        offers,
    }
}

fn give_points(suppliers: &mut [ComparedSupplier], weights: RfqWeights) {
    let mut compliant: Vec<&mut ComparedSupplier> = suppliers.iter_mut().filter(|one| one.compliant).collect();
    let lowest = compliant.iter().filter_map(|one| one.total).min().unwrap_or_default().get();
    let shortest = compliant.iter().filter_map(|one| one.lead_time_days).min().unwrap_or_default();
    for one in &mut compliant {
        let total = one.total.unwrap_or_default().get();
        let days = |days: u16| Decimal::from(days) + Decimal::ONE;
        let fifth = |score: Option<u8>| Decimal::from(score.unwrap_or_default()) * Decimal::from(20);
        let price = (lowest * Decimal::ONE_HUNDRED).checked_div(total).unwrap_or(Decimal::ONE_HUNDRED);
        let delivery = days(shortest) * Decimal::ONE_HUNDRED / days(one.lead_time_days.unwrap_or_default());
        let (quality, after_sales) = (fifth(one.quality_score), fifth(one.after_sales_score));
        let weighted = [
            (price, weights.price),
            (quality, weights.quality),
            (delivery, weights.delivery),
            (after_sales, weights.after_sales),
        ];
        let weighted: Decimal = weighted.iter().map(|(points, weight)| points * Decimal::from(*weight)).sum();
        let shown = |points: Decimal| Quantity::new(points.round_dp(2));
        one.points = Some(QuotePoints {
            price: shown(price),
            quality: shown(quality),
            delivery: shown(delivery),
            after_sales: shown(after_sales),
            weighted: shown(weighted / Decimal::ONE_HUNDRED),
        });
    }
}
