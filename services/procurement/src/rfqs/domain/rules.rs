//! Why a request for quotation is refused: every code in one place.
use uuid::Uuid;
use wire::{
    Currency, Day, Moment,
    procurement::{AwardBasis, RequisitionId, SupplierId},
};

platform::rules!(
    /// Why a request for quotation is refused.
    RfqRule {
        Requisitions => "rfq.requisitions", Invalid, "1 to 50 requisitions, each once", "应有 1 至 50 份采购申请且不重复", at "/requisition_ids";
        Requisition { id: RequisitionId } => "rfq.requisition", Invalid, "requisition {id} is not approved, or nothing of it is left to order", "采购申请 {id} 未获批准或已无待采购明细", at "/requisition_ids";
        Line { id: Uuid } => "rfq.requisition_line", Invalid, "{id} is no open line of these requisitions", "{id} 不是这些采购申请的待采购明细", at "/requisition_line_ids";
        Lines { count: usize } => "rfq.lines", Invalid, "a request for quotation has 1 to 500 lines, not {count}", "询价单应有 1 至 500 行，实际为 {count} 行", at "/requisition_ids";
        LineTaken { number: String } => "rfq.line_taken", Conflict, "{number} asks for one of these lines already", "询价单 {number} 已包含其中的明细", at "/requisition_ids";
        Due { day: Day } => "rfq.due_on", Invalid, "{day} is in the past", "报价截止日期 {day} 已过", at "/due_on";
        Weights { sum: u16 } => "rfq.weights", Invalid, "the weights add up to {sum}, not to 100", "权重合计为 {sum}，应为 100", at "/weights";
        Suppliers => "rfq.suppliers", Invalid, "at most 20 suppliers are asked", "最多邀请 20 家供应商", at "/suppliers";
        SupplierTwice { index: usize } => "rfq.supplier_twice", Invalid, "this supplier is asked already", "该供应商已被邀请", at "/suppliers/{index}/supplier_id";
        Waiver => "rfq.sourcing_waiver", Invalid, "the waiver must cover all of these requisitions, and its supplier must be asked", "豁免须覆盖全部采购申请，且其供应商须在邀请之列", at "/sourcing_waiver_id";
        NotInvited { id: SupplierId } => "rfq.not_invited", Invalid, "supplier {id} was not asked", "未邀请供应商 {id}", at "/supplier_id";
        QuoteLines { count: usize } => "rfq.quote_lines", Invalid, "a quote has 1 to 500 lines, not {count}", "报价应有 1 至 500 行，实际为 {count} 行", at "/lines";
        QuoteLine { index: usize } => "rfq.quote_line", Invalid, "no line of this request, or quoted twice", "不是本询价单的明细，或重复报价", at "/lines/{index}/requisition_line_id";
        QuoteQuantity { index: usize } => "rfq.quote_quantity", Invalid, "the quantity must be more than 0", "数量必须大于 0", at "/lines/{index}/quantity";
        QuotePrice { index: usize } => "rfq.quote_price", Invalid, "the unit price must not be negative", "单价不能为负", at "/lines/{index}/unit_price";
        QuoteLead { index: usize } => "rfq.quote_lead_time", Invalid, "a lead time is at most 3650 days", "交货期最长 3650 天", at "/lines/{index}/lead_time_days";
        QuoteTotal => "rfq.quote_total", Invalid, "the total has more than 14 digits before the point", "合计超过 14 位整数", at "/lines";
        AfterSalesScore => "rfq.after_sales_score", Invalid, "a score is 1 to 5", "评分为 1 至 5", at "/after_sales_score";
        QualityScore => "rfq.quality_score", Invalid, "a score is 1 to 5", "评分为 1 至 5", at "/quality_score";
        QuotedAt { at: Moment } => "rfq.quoted_at", Invalid, "it cannot have been quoted at {at}: that is before the request was sent, or in the future", "报价时间 {at} 有误：不得早于询价发出时间或晚于当前时间", at "/evidence/at";
        ValidUntil { day: Day } => "rfq.valid_until", Invalid, "a quote that was valid until {day} is over", "报价有效期 {day} 已过", at "/valid_until";
        NotLate => "rfq.not_late", Conflict, "this supplier has no late quote that waits for a reason", "该供应商没有待说明理由的逾期报价", at "/supplier_id";
        NothingToDecline => "rfq.declined_already", Conflict, "this supplier has declined already", "该供应商已谢绝", at "/supplier_id";
        OtherCurrency { supplier: String, currency: Currency, wanted: Currency } => "rfq.currency", Conflict, "{supplier} quotes in {currency}: only quotes in {wanted} can be compared", "{supplier} 以 {currency} 报价：仅能比较 {wanted} 报价";
        NotCovered { line: i32 } => "rfq.not_covered", Conflict, "nobody offers line {line} in the wanted quantity", "第 {line} 行没有符合数量的有效报价";
        AwardTarget => "rfq.award_target", Invalid, "name one supplier for all, or one for every line, each line once", "应指定一家供应商，或为每一行各指定一家", at "/lines";
        AwardBasis { basis: AwardBasis } => "rfq.award_basis", Invalid, "the evaluation found: {basis}", "评审依据为 {basis}", at "/basis";
        NotOffered { name: String, line: i32 } => "rfq.not_offered", Invalid, "{name} has no offer that counts for line {line} in the wanted quantity", "{name} 对第 {line} 行没有符合数量的有效报价", at "/lines";
        Expired { name: String, day: Day } => "rfq.quote_expired", Conflict, "the quote of {name} was valid until {day}", "{name} 的报价有效期至 {day}，已过期";
        AwardReason => "rfq.award_reason", Invalid, "say why it is not the recommended supplier", "未选择推荐供应商，请说明理由", at "/reason";
        ConflictOfInterest { name: String } => "rfq.conflict_of_interest", Invalid, "{name} was recommended by somebody: declare that you have no interest in it", "{name} 系经推荐，请声明无利益冲突", at "/no_conflict_of_interest";
        OwnQuote => "rfq.own_quote", Forbidden, "you recorded a quote yourself; someone else must award (maker is not checker)", "报价由本人登记，须由他人定标";
    }
);
