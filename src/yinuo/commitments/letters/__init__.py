"""信用承诺书: the national form of a credit commitment, its checks and its masks. Pure."""
