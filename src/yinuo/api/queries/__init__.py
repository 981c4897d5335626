"""What pages, the command line and the API read of outgoing events."""
