"""For what a person looks at credit records, and what that purpose covers."""
