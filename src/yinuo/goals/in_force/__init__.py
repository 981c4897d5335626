"""Tables of goals in force on a day, as they were published."""
