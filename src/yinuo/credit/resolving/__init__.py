"""Whose record is it: codes, their histories, human judgements, and what linkage makes of the rest.

No Django here, and nothing is read that a release does not say it was made from.
"""
