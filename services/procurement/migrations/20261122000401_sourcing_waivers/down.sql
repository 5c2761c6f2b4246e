DELETE FROM approval_policies WHERE key = 'procurement.sourcing_waiver';
DELETE FROM number_rules WHERE kind = 'sourcing_waiver';
DROP TABLE sourcing_waiver_requisitions, sourcing_waivers;
