"""What window systems send: sources, taking in, following, rows put aside, deferrals."""
