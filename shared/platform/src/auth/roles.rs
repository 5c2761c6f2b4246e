//! The roles of the company (ruling 17): one stable word each, with its label in zh-CN and en.
//! Not what a role may do: that is the table in `grants.txt`.
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

macro_rules! roles {
    ($($variant:ident $word:literal $zh_cn:literal $en:literal),+ $(,)?) => {
        /// What a person or a machine does in the company. The words are those of the token's `roles` claim.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Role { $(#[doc = $en] #[serde(rename = $word)] $variant),+ }

        impl Role {
            /// Every role, in the order of ruling 17.
            pub const ALL: &'static [Role] = &[$(Role::$variant),+];

            /// The stable word, as it stands in tokens and in the grants table.
            pub const fn as_str(self) -> &'static str {
                match self { $(Role::$variant => $word),+ }
            }

            /// What people call it in Chinese.
            pub const fn label_zh_cn(self) -> &'static str {
                match self { $(Role::$variant => $zh_cn),+ }
            }

            /// What people call it in English.
            pub const fn label_en(self) -> &'static str {
                match self { $(Role::$variant => $en),+ }
            }

            /// The word with what people read in its place.
            pub fn labelled(self) -> wire::Labelled {
                let text = str::to_owned;
                wire::Labelled {
                    code: text(self.as_str()),
                    chinese: text(self.label_zh_cn()),
                    english: text(self.label_en()),
                }
            }
        }

        impl wire::Word for Role {
            fn label(self) -> (&'static str, &'static str) {
                (self.label_zh_cn(), self.label_en())
            }
        }

        impl FromStr for Role {
            type Err = UnknownRole;
            fn from_str(word: &str) -> Result<Self, UnknownRole> {
                match word { $($word => Ok(Role::$variant),)+ _ => Err(UnknownRole(word.to_owned())) }
            }
        }
    };
}

roles! {
    SalesRep "sales_rep" "业务员" "Sales representative",
    SalesManager "sales_manager" "业务经理" "Sales manager",
    CustomerService "customer_service" "客服" "Customer service",
    Technical "technical" "技术" "Technical",
    FinanceSpecialist "finance_specialist" "财务专员" "Finance specialist",
    FinanceManager "finance_manager" "财务经理" "Finance manager",
    FinanceDirector "finance_director" "财务总监" "Finance director",
    Legal "legal" "法务" "Legal",
    Buyer "buyer" "采购员" "Buyer",
    ProcurementManager "procurement_manager" "采购经理" "Procurement manager",
    Warehouse "warehouse" "仓库" "Warehouse",
    Quality "quality" "质检" "Quality inspection",
    Production "production" "生产" "Production",
    DepartmentHead "department_head" "部门主管" "Department head",
    GeneralManager "general_manager" "总经理" "General manager",
    VicePresident "vice_president" "副总经理" "Vice president",
    Ceo "ceo" "首席执行官" "Chief executive officer",
    Archivist "archivist" "档案管理员" "Archivist",
    Ops "ops" "系统运维" "System operations",
    Auditor "auditor" "审计员" "Auditor",
    Integration "integration" "系统集成" "System integration",
}

/// A word that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown role: {0}")]
pub struct UnknownRole(
    /// The word.
    pub String,
);

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_there_and_back() {
        assert_eq!(Role::ALL.len(), 21);
        for &role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
            assert!(role.label_zh_cn().chars().all(|letter| !letter.is_ascii()));
            assert!(!role.label_en().is_empty());
        }
        assert_eq!("Sales_Rep".parse::<Role>(), Err(UnknownRole("Sales_Rep".into())));
    }
}
