-- The directory (PLT-23): people by the `sub` of their tokens, departments by code.
CREATE TABLE departments (
    id         UUID PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,
    name_zh    TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    version    INTEGER NOT NULL
);
CREATE TABLE users (
    id         UUID PRIMARY KEY,
    reference  TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    roles      JSONB NOT NULL,
    department TEXT REFERENCES departments (code),
    team       TEXT,
    status     TEXT NOT NULL CHECK (status IN ('active', 'inactive')),
    created_at TIMESTAMPTZ NOT NULL,
    version    INTEGER NOT NULL
);
CREATE INDEX users_status ON users (status, id);

-- The departments of the business process; others are added over the API.
INSERT INTO departments (id, code, name_zh, name_en, version) VALUES
    ('01930000-0000-7000-8000-000000000101', 'marketing', '市场部', 'Marketing', 1),
    ('01930000-0000-7000-8000-000000000102', 'sales', '销售部', 'Sales', 1),
    ('01930000-0000-7000-8000-000000000103', 'customer_service', '客服部', 'Customer service', 1),
    ('01930000-0000-7000-8000-000000000104', 'technical', '技术部', 'Technical', 1),
    ('01930000-0000-7000-8000-000000000105', 'product', '产品部', 'Product', 1),
    ('01930000-0000-7000-8000-000000000106', 'production', '生产部', 'Production', 1),
    ('01930000-0000-7000-8000-000000000107', 'purchasing', '采购部', 'Purchasing', 1),
    ('01930000-0000-7000-8000-000000000108', 'quality', '质检部', 'Quality', 1),
    ('01930000-0000-7000-8000-000000000109', 'logistics', '物流部', 'Logistics', 1),
    ('01930000-0000-7000-8000-00000000010a', 'warehouse', '仓库', 'Warehouse', 1),
    ('01930000-0000-7000-8000-00000000010b', 'finance', '财务部', 'Finance', 1),
    ('01930000-0000-7000-8000-00000000010c', 'legal', '法务部', 'Legal', 1),
    ('01930000-0000-7000-8000-00000000010d', 'administration', '行政部', 'Administration', 1),
    ('01930000-0000-7000-8000-00000000010e', 'delivery', '交付部', 'Delivery', 1),
    ('01930000-0000-7000-8000-00000000010f', 'management', '管理层', 'Management', 1),
    ('01930000-0000-7000-8000-000000000110', 'it', '信息技术部', 'IT', 1);
