"""The credit report as a document and as PDF. Pure."""
