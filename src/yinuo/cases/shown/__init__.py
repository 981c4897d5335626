"""What of a case, a notice or a length of time is put on a page."""
