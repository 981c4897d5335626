"""One question, one purpose: yes, no or not determined, with the reason, not the file. Pure."""
