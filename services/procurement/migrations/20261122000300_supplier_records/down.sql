DROP TABLE supplier_qualifications, supplier_categories;
ALTER TABLE suppliers DROP COLUMN licences_due_on, DROP COLUMN bank, DROP COLUMN licences, DROP CONSTRAINT suppliers_status_check;
ALTER TABLE suppliers ADD CONSTRAINT suppliers_status_check CHECK (status IN ('prospective', 'qualified', 'suspended', 'eliminated'));
