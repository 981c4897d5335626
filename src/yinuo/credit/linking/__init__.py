"""Records without a code, and whose they most likely are. A model proposes; rules decide.

No Django here.
"""
