//! `/api/contracts/v1/ledger`: JSON by the page, or the same page as CSV for a spreadsheet.
use super::store;
use actix_web::{Either, HttpRequest, HttpResponse, get, http::header, web::Query};
use platform::{Answer, Cx, Result};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{Page, PageQuery, contracts::LedgerRow};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_ledger);
}

/// The register of signed contracts, newest first; `Accept: text/csv` gives the page as CSV, with `Link` to the next.
#[utoipa::path(tag = "ledger", params(PageQuery), responses((status = 200, description = "A page",
    content((Page<LedgerRow> = "application/json"), (String = "text/csv")))))]
#[get("/ledger")]
async fn list_ledger(
    cx: Cx,
    page: Query<PageQuery>,
    request: HttpRequest,
) -> Result<Either<Answer<Page<LedgerRow>>, HttpResponse>> {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !accept.contains("text/csv") {
        let rows = cx.read(async |conn| {
            let rows = store::list(conn, &page, cx.sight()).await?;
            Ok(page.page(rows, |row| row.contract_id.into(), |row| row))
        });
        return rows.await.map(Either::Left);
    }
    let mut conn = cx.app().readers.get().await?;
    let rows = store::list(&mut conn, &page, cx.sight()).await?;
    let found = page.page(rows, |row| row.contract_id.into(), |row| row);
    Ok(Either::Right(csv(&request, &found)))
}

/// RFC 4180, UTF-8; the columns of the paper register in both languages.
fn csv(request: &HttpRequest, page: &Page<LedgerRow>) -> HttpResponse {
    let mut text = String::from(
        "number 合同编号,signed_at 签订时间,account_name 客户名称,amount 合同金额,currency 币种,delivery_date 履行期限,status 状态,paid 已付,paid_rate 付款比例\r\n",
    );
    for row in &page.items {
        let fields = [
            row.number.clone(),
            row.signed_at.to_string(),
            row.account_name.clone(),
            row.amount.amount.to_string(),
            row.amount.currency.to_string(),
            row.delivery_date.map(|day| day.to_string()).unwrap_or_default(),
            row.status.to_string(),
            row.paid.to_string(),
            row.paid_rate.to_string(),
        ];
        text += &fields.map(|field| quoted(&field)).join(",");
        text += "\r\n";
    }
    let mut response = HttpResponse::Ok();
    if let Some(next) = page.next {
        response.insert_header((header::LINK, format!("<{}?after={next}>; rel=\"next\"", request.path())));
    }
    response.content_type("text/csv; charset=utf-8").body(text)
}

/// Quotes what needs it; a leading formula sign gets an apostrophe, so that no spreadsheet runs a customer's name.
fn quoted(field: &str) -> String {
    let tame = if field.starts_with(['=', '+', '-', '@']) { format!("'{field}") } else { field.to_owned() };
    if tame.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", tame.replace('"', "\"\"")) } else { tame }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn con_16_csv_is_quoted_and_runs_nothing() {
        assert_eq!([quoted("晨光泵业"), quoted("a,b"), quoted("a\"b")], ["晨光泵业", "\"a,b\"", "\"a\"\"b\""]);
        assert_eq!(quoted("=1+1"), "'=1+1");
    }
}
