"""Construction approval: flows, stage time, exchange tables. Pure."""
