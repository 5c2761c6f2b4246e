DROP TABLE loyalty_snapshot_rows, loyalty_snapshots;
