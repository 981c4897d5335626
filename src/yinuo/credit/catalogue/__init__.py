"""The catalogue of credit data: what there is, who delivers it how often, and who may have it."""
