"""信用承诺书 by the million: read, checked by the rules of the form, written as Parquet. Pure."""
