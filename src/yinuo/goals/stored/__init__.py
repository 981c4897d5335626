"""What the database holds of plans, projects, leads and series, in the form others compute with."""
