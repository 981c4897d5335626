"""Items, flows and tables in force on a day, as they were published."""
