"""Records of described sources: read, judged, landed as batches, checked against expectations."""
