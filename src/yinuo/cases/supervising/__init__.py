"""What a supervisor looks for in cases: how clocks were used and stopped. Pure."""
