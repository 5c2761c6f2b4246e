//! `/api/crm/v1/departments`: parse, ask, answer.
use super::{domain::Department, store};
use actix_web::{get, put, web::Path};
use platform::{ApiError, Cx, Json, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use wire::{Code, crm as dto};

pub fn routes(config: &mut ServiceConfig) {
    config.service(upsert_department).service(list_departments);
}

/// Adds a department or renames it; the reference is its code.
#[utoipa::path(tag = "department", responses((status = 200, description = "As it is", body = dto::Department), (status = 201, description = "A new one", body = dto::Department)))]
#[put("/departments/by-ref/directory/{reference}")]
async fn upsert_department(
    cx: Cx,
    reference: Path<String>,
    body: Json<dto::DepartmentProfile>,
) -> Reply<dto::Department> {
    let code: Code = reference.parse().map_err(|why| ApiError::unreadable("reference", why))?;
    cx.upsert(async |tx| {
        tx.one_at_a_time(&format!("department:{code}")).await?;
        let Some(id) = store::id_of(tx.conn(), code.as_str()).await? else {
            let change = Department::found(tx.id(), code.clone(), body.0.clone());
            return Ok((true, show(tx.create(change).await?)));
        };
        let department: Department = tx.load(id).await?;
        match department.clone().update(body.0.clone()) {
            Some(change) => Ok((false, show(tx.save(change).await?))),
            None => Ok((false, show(department))),
        }
    })
    .await
}

/// All departments.
#[utoipa::path(tag = "department", responses((status = 200, description = "All of them", body = Vec<dto::Department>)))]
#[get("/departments")]
async fn list_departments(cx: Cx) -> Reply<Vec<dto::Department>> {
    cx.read(async |conn| Ok(store::list(conn).await?.into_iter().map(show).collect())).await
}

fn show(department: Department) -> dto::Department {
    let Department { id, code, name_zh, name_en, version } = department;
    dto::Department { id, code, name_zh, name_en, version }
}
