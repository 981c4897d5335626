"""What a window's own system tells, and what it comes to. Pure: no database, no clock."""
