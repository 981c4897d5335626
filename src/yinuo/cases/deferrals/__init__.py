"""容缺受理, 告知承诺 and reuse with consent: their lives, tables and words. Pure."""
